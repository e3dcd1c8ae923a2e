using System.Globalization;
using System.Text;
using Npgsql;

namespace EcomWorkflows.Orchestration;

/// <summary>What PostgreSQL can keep as text and as JSON: everything but the character U+0000 and halves of surrogate pairs.</summary>
public static class StorableText
{
    /// <summary>What a message about text that cannot be kept says is allowed.</summary>
    public const string Rule = "Text may hold no character U+0000 and no half of a surrogate pair (U+D800 to U+DFFF)";

    private const char Replacement = '\uFFFD';

    /// <summary>The text with U+FFFD in the place of every character that cannot be kept.</summary>
    public static string? Clean(string? text) => text is null ? null : Replaced(text, isJson: false);

    /// <summary>The JSON with U+FFFD in the place of every character that cannot be kept, also of those written as <c>\uXXXX</c>.</summary>
    public static string? CleanJson(string? json) => json is null ? null : Replaced(json, isJson: true);

    /// <summary>Where a JSON text holds, as such or as <c>\uXXXX</c>, a character that cannot be kept.</summary>
    public static IEnumerable<(int Index, char Character)> FlawsOfJson(string json) => Flaws(json, isJson: true).Select(flaw => (flaw.Index, flaw.Character));

    /// <summary>Whether a failure is the word of PostgreSQL or of System.Text.Json that text cannot be kept.</summary>
    public static bool IsReason(Exception failure) => failure switch
    {
        PostgresException refused => refused.SqlState is PostgresErrorCodes.CharacterNotInRepertoire or PostgresErrorCodes.UntranslatableCharacter,
        // System.Text.Json has no exception of its own for half of a surrogate pair.
        InvalidOperationException unreadable => unreadable.Message.Contains("UTF-16 JSON text", StringComparison.Ordinal),
        _ => false,
    };

    private static string Replaced(string text, bool isJson)
    {
        if (!text.Contains('\0') && !text.AsSpan().ContainsAnyInRange('\uD800', '\uDFFF') && !(isJson && text.Contains("\\u", StringComparison.Ordinal)))
            return text;
        var clean = new StringBuilder(text.Length);
        var done = 0;
        foreach (var (index, length, _) in Flaws(text, isJson))
        {
            clean.Append(text, done, index - done).Append(Replacement);
            done = index + length;
        }
        return done == 0 ? text : clean.Append(text, done, text.Length - done).ToString();
    }

    private static IEnumerable<(int Index, int Length, char Character)> Flaws(string text, bool isJson)
    {
        for (var at = 0; at < text.Length;)
        {
            var (unit, length) = Unit(text, at, isJson);
            var after = at + length;
            if (char.IsHighSurrogate(unit) && after < text.Length && Unit(text, after, isJson) is var (low, width) && char.IsLowSurrogate(low) && width == length)
                after += width;
            else if (unit == '\0' || char.IsSurrogate(unit))
                yield return (at, length, unit);
            at = after;
        }
    }

    /// <summary>The character at a place and how much of the text stands for it; of other escapes than <c>\uXXXX</c> it is the backslash.</summary>
    private static (char Unit, int Length) Unit(string text, int at, bool isJson)
    {
        if (!isJson || text[at] != '\\')
            return (text[at], 1);
        return at + 6 <= text.Length && text[at + 1] == 'u' && ushort.TryParse(text.AsSpan(at + 2, 4), NumberStyles.AllowHexSpecifier, CultureInfo.InvariantCulture, out var unit)
            ? ((char)unit, 6)
            : ('\\', Math.Min(2, text.Length - at));
    }
}
