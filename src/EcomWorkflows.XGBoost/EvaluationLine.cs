using System.Globalization;

namespace EcomWorkflows.XGBoost;

/// <summary>Reads the library's evaluation line, <c>[7]⇥train-logloss:0.41⇥test-logloss:0.47</c>.</summary>
internal static class EvaluationLine
{
    internal static void RequireUsable(IReadOnlyList<string> names)
    {
        foreach (string name in names)
        {
            if (string.IsNullOrWhiteSpace(name) || name.AsSpan().IndexOfAny('\t', ':') >= 0)
                throw new ArgumentException($"A data set's name must not be empty nor contain a tab or a colon, got '{name}'.", nameof(names));
        }

        if (names.Distinct(StringComparer.Ordinal).Count() != names.Count)
            throw new ArgumentException($"Data set names must differ, got {string.Join(", ", names)}.", nameof(names));
    }

    internal static IReadOnlyList<MetricValue> Parse(string line, IReadOnlyList<string> names)
    {
        // Longest first: with sets "train" and "train-old" the metric of the second must not be read as "old-…" of the first.
        string[] byLength = [.. names.OrderByDescending(name => name.Length)];
        var values = new List<MetricValue>();
        foreach (string part in line.Split('\t').Skip(1))
        {
            string? name = Array.Find(byLength, candidate => part.StartsWith(candidate + "-", StringComparison.Ordinal));
            int colon = part.LastIndexOf(':');
            if (name is null || colon < name.Length || !TryNumber(part[(colon + 1)..], out double value))
                throw new XGBoostException("XGBoosterEvalOneIter", $"the evaluation line has an unreadable part '{part}'");
            values.Add(new MetricValue(name, part[(name.Length + 1)..colon], value));
        }

        return values;
    }

    // C prints "-nan", "nan" and "inf"; .NET wants "NaN" and "Infinity".
    private static bool TryNumber(string text, out double value)
    {
        value = text.TrimStart('-') switch { "nan" => double.NaN, "inf" => double.PositiveInfinity, _ => 0 };
        if (value != 0)
        {
            value = text[0] == '-' ? -value : value;
            return true;
        }

        return double.TryParse(text, NumberStyles.Float, CultureInfo.InvariantCulture, out value);
    }
}
