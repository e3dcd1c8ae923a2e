using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Profiling;
using EcomWorkflows.Pipeline.Validation.Reports;
using EcomWorkflows.Pipeline.Validation.Results;
using EcomWorkflows.Pipeline.Validation.RowRules;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Running;

/// <summary>Everything DuckDB does for one validation, in a private database that spills into the attempt's folder.</summary>
/// <param name="bronze">Table expression of the rows to validate.</param>
/// <param name="rejects">Table expression of what ingestion refused; null where there is none.</param>
/// <param name="originals">How the rows were delivered.</param>
/// <param name="references">Table expressions of other tables, by the name the suite uses.</param>
internal sealed class TableValidation(
    PipelineOptions options, TaskContext context, string bronze, string? rejects, IReadOnlyDictionary<string, string> references, QualityHistory history,
    RowValidatorCatalog validators, OriginalRecords originals)
{
    public async Task<ValidationResult> RunAsync(
        ExpectationSuite suite, ValidationIdentity identity, string quarantineFile, string reportFolder, CancellationToken cancellationToken)
    {
        using var duck = DuckDbConnection.Open(new DuckDbOptions
        {
            MemoryLimit = options.DuckDbMemoryLimit, Threads = options.Threads, TempDirectory = Path.Combine(context.WorkFolder, "duckdb"),
        });
        var table = Open(duck, identity.Table, cancellationToken);
        var refused = rejects is null ? null : "rejects";

        context.ReportProgress(0.05, $"Checking {suite.Expectations.Count} expectations");
        // Looking for repeated keys is the longest of the checks and takes about a thread, and so does reading the figures.
        using var own = duck.Duplicate();
        var figuring = new FigureReader(own);
        var sampling = Task.Run(() => figuring.Sample(table.Columns, cancellationToken), cancellationToken);
        var reading = Task.Run(async () => figuring.Read(await sampling, cancellationToken), cancellationToken);
        var checking = Task.Run(() => new SuiteRun(duck, table, refused, options.Threads, sampling).Run(suite, cancellationToken), cancellationToken);
        await Task.WhenAll(reading, checking);
        var (figures, result) = (await reading, await checking);
        context.ReportProgress(0.5, "Describing the columns");
        // Unpacking the raw file takes one thread, describing the columns not quite two.
        var originalsFound = originals.FindAsync(duck, result, cancellationToken);
        var described = Task.Run(() => new TableProfiler(duck).Profile(figures, cancellationToken), cancellationToken);
        await Task.WhenAll(described, originalsFound);
        var columns = await described;
        result = result with { Columns = columns, Anomalies = AnomalyDetection.Judge(result, columns, history) };
        context.ReportProgress(0.7, $"Writing {result.RowsQuarantined:N0} rows to quarantine");
        QuarantineFile.Write(duck, table, refused, result, quarantineFile, cancellationToken);
        context.ReportProgress(0.85, "Writing the report");
        ReportFolder.Write(duck, reportFolder, identity, result, history, quarantineFile, cancellationToken);
        return result;
    }

    private ValidatedTable Open(DuckDbConnection duck, string name, CancellationToken cancellationToken)
    {
        // A source without this entity publishes a table without columns.
        var located = duck.QueryRows($"describe select * from {bronze}", row => row.Get<string>(0), ct: cancellationToken).Contains("_file");
        duck.Execute(
            $"create view {ValidatedTable.Batch} as select *{(located ? "" : ", null::varchar as _file, null::bigint as _line")} from {bronze}", ct: cancellationToken);
        if (rejects is not null)
            duck.Execute($"create view rejects as select * from {rejects}", ct: cancellationToken);
        var views = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var (referred, scan) in references)
        {
            views.Add(referred, $"reference_{views.Count}");
            duck.Execute($"create view {views[referred]} as select * from {scan}", ct: cancellationToken);
        }
        var columns = duck.QueryRows($"describe {ValidatedTable.Batch}", row => new TableColumn(row.Get<string>(0), row.Get<string>(1)), ct: cancellationToken);
        return new ValidatedTable(name, [.. columns.Where(column => column.Name is not ("_file" or "_line" or "_run"))], views) { History = history.Table, Validators = validators };
    }
}
