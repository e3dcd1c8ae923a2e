using System.Text.RegularExpressions;

namespace EcomWorkflows.Pipeline.Sources;

/// <summary>The types a mapping may declare its columns with.</summary>
internal static partial class ColumnType
{
    public const string Allowed = "varchar, boolean, smallint, integer, bigint, double, decimal(p,s), date, timestamp";

    private const int MostDigits = 38;

    private static readonly string[] Names = ["varchar", "text", "boolean", "bool", "smallint", "integer", "int", "bigint", "double", "float", "date", "timestamp"];

    public static bool IsDecimal(string type) => Decimal().IsMatch(type);

    /// <summary>Why a column cannot be of that type; null where it can.</summary>
    public static string? Problem(string type)
    {
        if (Names.Contains(type, StringComparer.OrdinalIgnoreCase))
            return null;
        if (Decimal().Match(type) is not { Success: true } parts)
            return $"allowed are {Allowed}";
        var (digits, fraction) = (int.Parse(parts.Groups[1].ValueSpan), int.Parse(parts.Groups[2].ValueSpan));
        return digits is >= 1 and <= MostDigits && fraction <= digits ? null : $"a decimal(p,s) has 1 to {MostDigits} digits p, of which at most p are its fraction s";
    }

    [GeneratedRegex(@"^decimal\((\d{1,2}), ?(\d{1,2})\)$", RegexOptions.IgnoreCase)]
    private static partial Regex Decimal();
}
