using System.Buffers.Text;
using System.Globalization;
using System.Text;
using EcomWorkflows.Pipeline.Ingestion.Parsing;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion.Inference;

/// <summary>Chooses the narrowest type that a column's values are of; what does not fit a type almost all others fit is said in the description.</summary>
internal static class ColumnInference
{
    /// <summary>A type is proposed when at least this share of the values are of it; the others would be rejected.</summary>
    private const double LeastShare = 0.995;

    private const int MostKinds = 50;

    private static readonly string[] NullTexts = ["", " ", "NULL", "null", "NA", "N/A", "n/a", "NaN", "nan", @"\N", "-", "?"];
    private static readonly string[] TimestampPatterns =
    [
        "%Y-%m-%d %H:%M:%S", "%Y-%m-%d %H:%M:%S.%f", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z", "%Y-%m-%d %H:%M:%S%z", "%Y-%m-%d %H:%M", "%Y/%m/%d %H:%M:%S",
        "%d.%m.%Y %H:%M:%S", "%d.%m.%Y %H:%M", "%m/%d/%Y %H:%M:%S", "%m/%d/%Y %H:%M", "%d/%m/%Y %H:%M:%S", "%d/%m/%Y %H:%M", "%m/%d/%Y %I:%M:%S %p", "%m/%d/%Y %I:%M %p",
    ];

    private static readonly string[] DatePatterns = ["%Y-%m-%d", "%Y/%m/%d", "%Y%m%d", "%d.%m.%Y", "%m/%d/%Y", "%d/%m/%Y", "%d-%m-%Y"];

    public static InferredColumn Infer(string name, IReadOnlyList<string> values)
    {
        var given = values.Where(value => !NullTexts.Contains(value)).ToList();
        var nulls = values.Distinct().Where(NullTexts.Contains).ToList();
        if (given.Count == 0)
            return new InferredColumn(new SourceColumn(name, "varchar", "No value in the sample"), null, false, nulls);
        foreach (var (type, pattern, comma, fits) in Candidates(given))
        {
            var misfits = given.Where(value => !fits(value)).Take((int)(given.Count * (1 - LeastShare)) + 1).ToList();
            if (misfits.Count > given.Count * (1 - LeastShare))
                continue;
            var other = misfits.Count == 0 ? OtherOrder(given, pattern) : null;
            var description = misfits.Count == 0 ? Hint(type, given, other) : $"{misfits.Count} of {given.Count} values of the sample are of no {type}, for example '{misfits[0]}': they would be rejected";
            return new InferredColumn(new SourceColumn(name, type, description), pattern, comma, nulls)
            {
                OtherPattern = other, DecimalPoint = type == "double" && !comma && given.Exists(value => value.Contains('.', StringComparison.Ordinal)),
                Epoch = type == "bigint" ? EpochOf(given) : null, Values = Kinds(given),
            };
        }
        // In text, only an empty field is surely no value.
        var tooLarge = given.TrueForAll(IsDigits) ? "Whole numbers, some too large for 64 bits: kept as text" : null;
        return new InferredColumn(new SourceColumn(name, "varchar", tooLarge), null, false, [.. nulls.Where(text => text.Length == 0)])
        {
            Values = Kinds(given), Lookalikes = [.. nulls.Where(text => !string.IsNullOrWhiteSpace(text))],
        };
    }

    private static IReadOnlyList<string> Kinds(List<string> values)
    {
        var kinds = values.Distinct().Take(MostKinds + 1).Order(StringComparer.Ordinal).ToList();
        return kinds.Count > MostKinds ? [] : kinds;
    }

    private static IEnumerable<(string Type, string? Pattern, bool Comma, Func<string, bool> Fits)> Candidates(List<string> values)
    {
        yield return ("boolean", null, false, IsBoolean);
        if (!values.Exists(HasLeadingZero) && !values.Exists(value => IsDigits(value) && !IsInteger(value)))
        {
            yield return ("bigint", null, false, IsInteger);
            yield return ("double", null, false, IsNumber);
            yield return ("double", null, true, value => !value.Contains('.', StringComparison.Ordinal) && IsNumber(value.Replace(',', '.')));
        }
        foreach (var pattern in DatePatterns)
            yield return ("date", pattern, false, Matches(pattern));
        foreach (var pattern in TimestampPatterns)
            yield return ("timestamp", pattern, false, Matches(pattern));
    }

    private static bool IsBoolean(string value) => value.ToUpperInvariant() is "TRUE" or "FALSE" or "YES" or "NO" or "T" or "F";

    /// <summary>An identifier rather than a number: its zeros would be lost.</summary>
    private static bool HasLeadingZero(string value) => value.Length > 1 && value[0] == '0' && char.IsAsciiDigit(value[1]);

    private static bool IsDigits(string value) => value.Length > 0 && value.All(char.IsAsciiDigit);

    private static bool IsInteger(string value) => Utf8Parser.TryParse(Encoding.UTF8.GetBytes(value.Trim(' ')), out long _, out var read) && read == value.Trim(' ').Length;

    private static bool IsNumber(string value)
    {
        var text = Encoding.UTF8.GetBytes(value.Trim(' '));
        return Utf8Parser.TryParse(text, out double number, out var read) && read == text.Length && double.IsFinite(number);
    }

    private static Func<string, bool> Matches(string pattern)
    {
        TimestampPattern.TryCompile(pattern, out var compiled);
        return value => compiled!.TryParse(Encoding.UTF8.GetBytes(value.Trim(' ')), out _);
    }

    private static string? Hint(string type, List<string> values, string? otherPattern)
    {
        if (type == "bigint" && EpochOf(values) == EpochUnit.Milliseconds)
            return "Looks like milliseconds since 1970-01-01 UTC";
        if (type == "double" && values.TrueForAll(IsInThousands))
            return "Could as well be whole numbers with a separator of thousands: each has three digits behind it";
        return otherPattern is null ? null : $"Could as well be {otherPattern}: the sample does not tell day and month apart";
    }

    /// <summary>The pattern with day and month exchanged, where the values fit it as well: they are told apart only by a day after the twelfth.</summary>
    private static string? OtherOrder(List<string> values, string? pattern)
    {
        if (pattern is null || !pattern.Contains("%d/", StringComparison.Ordinal))
            return null;
        var other = MonthFirst(pattern) ? pattern.Replace("%m/%d", "%d/%m", StringComparison.Ordinal) : pattern.Replace("%d/%m", "%m/%d", StringComparison.Ordinal);
        return values.TrueForAll(value => Matches(other)(value)) ? other : null;
    }

    private static bool MonthFirst(string pattern) => pattern.StartsWith("%m", StringComparison.Ordinal);

    private static bool IsInThousands(string value)
    {
        var separator = value.AsSpan().IndexOfAny(',', '.');
        return separator is >= 1 and <= 4 && value.Length == separator + 4 && value[0] != '0' && !value.StartsWith("-0", StringComparison.Ordinal);
    }

    /// <summary>Times from 1998 to 2103.</summary>
    private static EpochUnit? EpochOf(List<string> values)
    {
        const long first = 900_000_000;
        const long last = 4_200_000_000;
        return AreAllBetween(first, last) ? EpochUnit.Seconds : AreAllBetween(1000 * first, 1000 * last) ? EpochUnit.Milliseconds : null;

        bool AreAllBetween(long from, long to) => values.TrueForAll(value => long.TryParse(value, CultureInfo.InvariantCulture, out var number) && number > from && number < to);
    }
}
