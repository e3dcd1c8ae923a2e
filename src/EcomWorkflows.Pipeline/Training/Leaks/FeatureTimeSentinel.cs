using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Training.Leaks;

/// <summary>Looks at every time a training set carries: nothing known of a row may be from its cutoff or later.</summary>
internal static class FeatureTimeSentinel
{
    internal const string Cutoff = "cutoff";

    /// <summary>The moment features are as of: they use what lies before it, so it may be the cutoff itself.</summary>
    internal const string AsOf = TaskFeatures.AsOfColumn;

    /// <summary>Whether a column holds times, which are looked at here and never learned from.</summary>
    internal static bool IsTime(LakeColumn column) =>
        column.Type.StartsWith("TIMESTAMP", StringComparison.OrdinalIgnoreCase) || column.Type.Equals("DATE", StringComparison.OrdinalIgnoreCase);

    internal static IReadOnlyList<LeakFinding> Check(DuckDbConnection duckdb, string table, IReadOnlyList<LakeColumn> columns, CancellationToken cancellationToken)
    {
        var findings = new List<LeakFinding>();
        foreach (string column in columns.Where(IsTime).Select(column => column.Name).Where(name => name != Cutoff))
        {
            string comparison = column == AsOf ? ">" : ">=";
            long rows = duckdb.Scalar<long>(
                $"select count(*) from {table} where {TrainingSetSql.Quote(column)} {comparison} {Cutoff}", null, cancellationToken);
            if (rows > 0)
            {
                findings.Add(new LeakFinding(
                    "feature_time", column, rows, 0, $"the time column '{column}' is {(column == AsOf ? "after" : "at or after")} the cutoff in {rows} rows"));
            }
        }

        return findings;
    }
}
