using EcomWorkflows.Pipeline.Statistics;
using EcomWorkflows.Pipeline.Validation.Profiling;
using EcomWorkflows.Pipeline.Validation.Results;

namespace EcomWorkflows.Pipeline.Validation;

/// <summary>Compares the figures of a validation with those of the runs before. It flags; what stops a run are expectations.</summary>
internal static class AnomalyDetection
{
    /// <summary>Every figure there is enough history for, unusual or not, with its bounds.</summary>
    public static IReadOnlyList<Anomaly> Judge(ValidationResult result, IReadOnlyList<ColumnProfile> columns, QualityHistory history) =>
        [.. Table(result, history).Concat(Expectations(result, history)).Concat(Columns(columns, history)).OfType<Anomaly>().DistinctBy(found => found.Metric)];

    private static IEnumerable<Anomaly?> Table(ValidationResult result, QualityHistory history)
    {
        yield return Compare("rows_read", "rows read", result.RowsRead, RobustBounds.OfCounts([.. history.Runs.Select(run => (double)run.RowsRead)]));
        yield return Share("quarantined_share", "share of rows in quarantine", result.RowsQuarantined, result.RowsRead, history.Runs.Select(run => Ratio(run.RowsQuarantined, run.RowsRead)));
        yield return Share("refused_share", "share of lines ingestion refused", result.RowsRefused, result.RowsRead, history.Runs.Select(run => Ratio(run.RowsRefused, run.RowsRead)));
    }

    private static IEnumerable<Anomaly?> Expectations(ValidationResult result, QualityHistory history)
    {
        foreach (var found in result.Expectations.Where(found => found.Exception is null))
        {
            var past = history.Runs.Select(run => run.Expectations.GetValueOrDefault(found.Expectation.Key)).OfType<PastExpectation>().ToList();
            if (found is { UnexpectedCount: { } failed, ElementCount: { } elements })
            {
                yield return Share(
                    $"failing_share({found.Expectation.Code})", $"share of rows that fail: {found.Statement}", failed, elements - (found.MissingCount ?? 0),
                    past.Select(one => one.UnexpectedShare));
            }
            else if (found.ObservedNumber is { } observed)
            {
                yield return Compare($"observed({found.Expectation.Code})", $"figure observed: {found.Statement}", observed, RobustBounds.OfValues([.. past.Select(one => one.Observed).OfType<double>()]));
            }
        }
    }

    private static IEnumerable<Anomaly?> Columns(IReadOnlyList<ColumnProfile> columns, QualityHistory history)
    {
        foreach (var column in columns)
        {
            var past = history.Runs.Select(run => run.Columns.GetValueOrDefault(column.Column.Name)).OfType<PastColumn>().ToList();
            yield return Share($"null_share({column.Column.Name})", $"share of rows without {column.Column.Name}", column.Nulls, column.Rows, past.Select(one => one.NullShare));
            if (column.DistinctIsExact)
                yield return Compare($"distinct({column.Column.Name})", $"different values of {column.Column.Name}", column.Distinct, RobustBounds.OfCounts([.. past.Select(one => (double)one.Distinct)]));
            if (column.Mean is { } mean)
                yield return Compare($"mean({column.Column.Name})", $"mean of {column.Column.Name}", mean, RobustBounds.OfValues([.. past.Select(one => one.Mean).OfType<double>()]));
        }
    }

    private static Anomaly? Share(string metric, string statement, long part, long whole, IEnumerable<double?> past) =>
        Ratio(part, whole) is { } share ? Compare(metric, statement, share, RobustBounds.OfShares([.. past.OfType<double>()], whole)) : null;

    private static Anomaly? Compare(string metric, string statement, double value, RobustBounds? bounds) =>
        bounds is null || !double.IsFinite(value) ? null : new Anomaly(metric, statement, value, bounds.Low, bounds.High, bounds.Median, bounds.Values);

    private static double? Ratio(long part, long whole) => whole == 0 ? null : (double)part / whole;
}
