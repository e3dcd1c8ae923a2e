using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Reports;
using EcomWorkflows.Pipeline.Validation.Results;
using EcomWorkflows.Pipeline.Validation.RowRules;
using EcomWorkflows.Pipeline.Validation.Storage;
using EcomWorkflows.Pipeline.Validation.Suites;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Validation.Running;

/// <summary>Checks the bronze table of an entity within a task: finds what the suite looks at, checks, writes report and quarantine, and publishes them.</summary>
internal sealed class TableChecking(
    PipelineOptions options, SourceCatalog sources, SuiteCatalog suites, LakeStore lake, QualityStore store, QualityHistoryReader histories, RowValidatorCatalog validators)
{
    /// <summary>The mapping of a source, which has the entity.</summary>
    /// <exception cref="TaskFailedException">There is no such source or entity.</exception>
    public SourceMapping Mapping(string source, string entity)
    {
        var mapping = sources.Get(source);
        return mapping.Entities.ContainsKey(entity)
            ? mapping
            : throw new TaskFailedException($"The source '{source}' has no entity '{entity}'; {mapping.File} has {string.Join(", ", mapping.Entities.Keys)}.", retryable: false);
    }

    /// <param name="suiteName">Empty takes the suite the mapping names.</param>
    public async Task<CheckedTable> CheckAsync(
        SourceMapping mapping, string entity, string suiteName, LakeSnapshot bronze, LakeSnapshot? rejects, TaskContext context, CancellationToken cancellationToken)
    {
        var suite = Suite(mapping, entity, suiteName, context);
        var references = await ReferencesAsync(suite, bronze, context, cancellationToken);
        var attempt = context.Attempt;
        var identity = new ValidationIdentity(
            mapping.Source, entity, attempt.DagId, attempt.RunKey, attempt.RunId, attempt.TaskId, attempt.AttemptId, attempt.TryNumber,
            context.DataIntervalStart, context.DataIntervalEnd, context.Time.GetUtcNow(), bronze.SnapshotId);
        var quarantineFile = lake.NewFile(context, new LakeTableName("quarantine", mapping.Source, entity));
        var report = new StagedReport(options, mapping.Source, attempt.RunId, entity, attempt.AttemptId);
        try
        {
            var history = await histories.ReadAsync(mapping.Source, entity, cancellationToken, exceptRunId: attempt.RunId);
            var validation = new TableValidation(
                options, context, lake.Scan(bronze), rejects is null ? null : lake.Scan(rejects), references, history, validators,
                new OriginalRecords(lake, mapping, entity, bronze, options, context.Logger));
            var result = await Task.Run(() => validation.RunAsync(suite, identity, quarantineFile, report.Folder, cancellationToken), cancellationToken);
            return new CheckedTable(identity, result, await lake.DescribeAsync(quarantineFile, cancellationToken, rows: result.RowsQuarantined), report);
        }
        catch
        {
            report.Dispose();
            throw;
        }
    }

    /// <summary>Makes the findings visible; call it inside the fenced transaction, last.</summary>
    public async Task<(long ResultId, long SnapshotId)> PublishAsync(PublishScope scope, TaskContext context, CheckedTable table, CancellationToken cancellationToken)
    {
        var columns = QuarantineFile.Columns.Select(column => new LakeColumn(column.Name, column.Type)).ToList();
        var snapshot = await lake.PublishAsync(scope, context, table.QuarantineTable, [table.Quarantine], columns, cancellationToken);
        var resultId = await store.PublishAsync(scope, table.Identity, table.Result, snapshot.SnapshotId, table.Report.Path, cancellationToken);
        table.Report.MoveToPlace();
        return (resultId, snapshot.SnapshotId);
    }

    /// <summary>Writes the findings to the task's log.</summary>
    public static void Log(TaskContext context, CheckedTable table)
    {
        var (identity, result) = (table.Identity, table.Result);
        foreach (var expectation in result.Expectations.Where(expectation => !expectation.Success))
        {
            context.Logger.Log(
                expectation.Severity switch { ExpectationSeverity.Critical => LogLevel.Error, ExpectationSeverity.Warning => LogLevel.Warning, _ => LogLevel.Information },
                "{Code}: {Statement}: {Found}; {Resolution}", expectation.Expectation.Code, expectation.Statement, ReportPage.Found(expectation), expectation.Resolution);
        }
        foreach (var figure in result.Anomalies.Where(figure => figure.IsAnomaly))
            context.Logger.LogWarning("Unusual beside the last {Runs} runs: {Statement} is {Value}, bounds {Low} to {High}", figure.Runs, figure.Statement, figure.Value, figure.Low, figure.High);
        context.Logger.LogInformation(
            "Validated {Table}: {Outcome}, {Successful} of {Expectations} expectations hold; {RowsRead} rows read, {RowsQuarantined} quarantined, {RowsKept} kept. Report: {Report}",
            identity.Table, result.Outcome, result.Successful, result.Expectations.Count, result.RowsRead, result.RowsQuarantined, result.RowsKept, $"{table.Report.Path}/index.html");
    }

    /// <summary>What a task says that fails because critical expectations did.</summary>
    public static TaskFailedException Failure(CheckedTable table)
    {
        var result = table.Result;
        var findings = result.Stopping.Select(expectation => $"  {expectation.Expectation.Code}: {expectation.Statement}: {ReportPage.Found(expectation)}");
        return new TaskFailedException(
            $"""
            {table.Identity.Table} broke {result.Stopping.Count} critical expectation{(result.Stopping.Count == 1 ? "" : "s")}:
            {string.Join(Environment.NewLine, findings)}
            The report {table.Report.Path}/index.html shows the rows. Correct the source and rerun the ingestion, or change the expectation in {result.Suite.File} and rerun this task.
            """,
            FailureCause.BadData, retryable: false);
    }

    private ExpectationSuite Suite(SourceMapping mapping, string entity, string suiteName, TaskContext context)
    {
        var name = suiteName.Length > 0 ? suiteName : mapping.Entities[entity].Suite;
        if (name is not null)
            return suites.Get(name).Resolve(SuiteParameters.Of(context.DataIntervalStart, context.DataIntervalEnd, context.LogicalDate));
        if (mapping.Entities[entity].Kind != "none")
        {
            context.Logger.LogWarning(
                "No expectation suite is named for {Entity} of {Source}: only what ingestion refused is checked. Name one as \"suite\" in the source's mapping",
                entity, mapping.Source);
        }
        return new ExpectationSuite($"{mapping.Source}/{entity}", "", [], []);
    }

    /// <summary>Scans of the other tables the suite names, by that name; one that does not exist is left out and its expectation then fails with the reason.</summary>
    private async Task<IReadOnlyDictionary<string, string>> ReferencesAsync(
        ExpectationSuite suite, LakeSnapshot bronze, TaskContext context, CancellationToken cancellationToken)
    {
        var references = new Dictionary<string, string>(StringComparer.Ordinal);
        if (ReferredTables.LooksBack(suite) && await PreviousAsync(bronze, cancellationToken) is { } previous)
            references.Add(ReferenceDistributions.Previous, lake.Scan(previous));
        foreach (var name in ReferredTables.Of(suite).Except([ReferenceDistributions.Previous]))
        {
            LakeTableName? table = name.Split('.') switch
            {
                [var entity] => new LakeTableName("bronze", bronze.Table.Source, entity),
                ["bronze", var entity] => new LakeTableName("bronze", bronze.Table.Source, entity),
                [var layer, var otherSource, var other] => new LakeTableName(layer, otherSource, other),
                _ => null,
            };
            if (table is { } referred && await lake.FindAsync(referred, context, cancellationToken) is { } snapshot)
                references.Add(name, lake.Scan(snapshot));
        }
        return references;
    }

    /// <summary>The newest snapshot of the table that an earlier run published; null where there is none.</summary>
    private async Task<LakeSnapshot?> PreviousAsync(LakeSnapshot bronze, CancellationToken cancellationToken)
    {
        const int lookedAt = 50;
        var snapshots = await lake.HistoryAsync(bronze.Table, cancellationToken, lookedAt);
        return snapshots.FirstOrDefault(snapshot => snapshot.SnapshotId < bronze.SnapshotId && snapshot.RunId != bronze.RunId && snapshot.Rows > 0);
    }
}
