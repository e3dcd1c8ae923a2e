using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Statistics;

namespace EcomWorkflows.Pipeline.Versioning.Comparison;

/// <summary>Compares how the values of each column are distributed in two versions of a table.</summary>
/// <param name="before">Table expression over all files of the earlier version.</param>
/// <param name="key">Columns that tell rows apart, which samples are drawn by; empty to draw them by whole rows, which is dearer.</param>
internal sealed class ColumnShifts(DuckDbConnection duckDb, string before, string after, IReadOnlyList<string> key, CancellationToken cancellationToken)
{
    private const int Bins = 10;

    /// <summary>More rows than about this many make no distance clearer: what chance does to an index of ten bins is then below a hundredth of what counts as a shift.</summary>
    private const long SampledRows = 50_000;

    private const int FrequentValues = 20;

    /// <summary>With more different values than this a text is a name or a key, whose values say nothing about its distribution.</summary>
    private const long MostCategories = 1_000;

    /// <param name="oldTable">With statistics where the manifest has them.</param>
    public IReadOnlyList<ColumnShift> Read(DatasetTable? oldTable, DatasetTable? newTable)
    {
        var old = Statistics(oldTable, before);
        var now = Statistics(newTable, after).ToDictionary(c => c.Name, StringComparer.Ordinal);
        var columns = old.Where(c => now.TryGetValue(c.Name, out var other) && other.Type == c.Type).ToList();
        if (columns.Count == 0)
            return [];
        Sample("sample_before", before, columns);
        Sample("sample_after", after, columns);
        var bins = ReadBins(columns);
        var counts = Counts(bins, "sample_before").Zip(Counts(bins, "sample_after")).Select(c => (Before: c.First, After: c.Second)).ToList();
        var judged = counts.Count(c => c.Before.Sum() > 0 && c.After.Sum() > 0);
        var shifts = new List<ColumnShift>();
        foreach (var column in columns)
        {
            var place = bins.FindIndex(b => b.Column == column.Name);
            DriftVerdict? verdict = place >= 0 && counts[place].Before.Sum() > 0 && counts[place].After.Sum() > 0
                ? PopulationStabilityIndex.Judge(new BinCounts(counts[place].Before, counts[place].After), comparisons: judged)
                : null;
            shifts.Add(new ColumnShift(column.Name, column.Statistics!, now[column.Name].Statistics!, verdict?.Value, verdict?.Threshold));
        }
        return shifts;
    }

    private IReadOnlyList<DatasetColumn> Statistics(DatasetTable? table, string scan) =>
        table is { Columns: { Count: > 0 } columns } && columns.All(c => c.Statistics is not null) ? columns : TableStatistics.Read(duckDb, scan, cancellationToken);

    /// <summary>Some rows of a large table, chosen by their values: the same rows give the same sample, and the threshold knows how many there are.</summary>
    private void Sample(string name, string scan, IReadOnlyList<DatasetColumn> columns)
    {
        var every = Math.Max(1, duckDb.Scalar<long>($"select count(*) from {scan}", ct: cancellationToken) / SampledRows);
        var names = string.Join(", ", columns.Select(c => DuckDbSql.Identifier(c.Name)));
        var drawnBy = key.Count > 0 ? string.Join(", ", key.Select(DuckDbSql.Identifier)) : names;
        duckDb.Execute(
            $"""
            create or replace temp table {name} as
            select {names}
            from {scan}
            where {every} = 1 or hash({drawnBy}) % {every} = 0
            """,
            ct: cancellationToken);
    }

    /// <summary>Conditions that put each row into one bin, fitted on the earlier version only.</summary>
    private List<ColumnBins> ReadBins(IReadOnlyList<DatasetColumn> columns)
    {
        var numbers = columns.Where(c => TableStatistics.IsNumber(c.Type)).ToList();
        var bins = new List<ColumnBins>();
        if (numbers.Count > 0)
        {
            var fractions = string.Join(", ", Enumerable.Range(1, Bins - 1).Select(i => FormattableString.Invariant($"{(double)i / Bins}")));
            using var reader = duckDb.Query(
                $"select {string.Join(", ", numbers.Select(c => $"approx_quantile({TableStatistics.Finite(DuckDbSql.Identifier(c.Name))}, [{fractions}])"))} from sample_before", ct: cancellationToken);
            reader.Read();
            foreach (var (i, column) in numbers.Index())
                if (reader.GetValue(i) is object?[] edges)
                    bins.Add(ColumnBins.OfNumber(column.Name, [.. edges.OfType<double>().Distinct().Order()]));
        }
        var texts = columns.Where(c => c.Type is "VARCHAR" or "BOOLEAN" && c.Statistics!.Distinct is > 0 and <= MostCategories).ToList();
        if (texts.Count > 0)
        {
            using var reader = duckDb.Query(
                $"select {string.Join(", ", texts.Select(c => $"approx_top_k({DuckDbSql.Identifier(c.Name)}::varchar, {FrequentValues})"))} from sample_before", ct: cancellationToken);
            reader.Read();
            foreach (var (i, column) in texts.Index())
                if (reader.GetValue(i) is object?[] frequent)
                    bins.Add(ColumnBins.OfText(column.Name, [.. frequent.OfType<string>()]));
        }
        return bins;
    }

    private IReadOnlyList<IReadOnlyList<long>> Counts(IReadOnlyList<ColumnBins> bins, string scan)
    {
        if (bins.Count == 0)
            return [];
        using var reader = duckDb.Query(
            $"select {string.Join(",\n  ", bins.SelectMany(b => b.Conditions).Select(condition => $"count(*) filter ({condition})"))}\nfrom {scan}", ct: cancellationToken);
        reader.Read();
        var place = 0;
        return [.. bins.Select(bin => (IReadOnlyList<long>)[.. bin.Conditions.Select(_ => reader.Get<long>(place++))])];
    }
}
