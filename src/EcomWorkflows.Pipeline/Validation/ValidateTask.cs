using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Reports;
using EcomWorkflows.Pipeline.Validation.Results;
using EcomWorkflows.Pipeline.Validation.Running;
using EcomWorkflows.Pipeline.Validation.Storage;
using EcomWorkflows.Pipeline.Validation.Suites;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Validation;

/// <summary>Checks a bronze table against its suite, quarantines what may not go on, and reports.</summary>
[TaskType(
    "Ecom.Validate",
    DisplayName = "Validate",
    Category = "Pipeline",
    Description = "Checks a bronze table against its expectation suite, puts bad rows into quarantine with their reasons, publishes the quality report, and stops the run when a critical expectation fails.")]
internal sealed class ValidateTask(PipelineOptions options, SourceCatalog sources, SuiteCatalog suites, LakeStore lake, QualityStore store, QualityHistoryReader histories)
    : ITask<ValidateInputs, ValidateOutputs>
{
    public async Task<TaskResult<ValidateOutputs>> RunAsync(ValidateInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var mapping = sources.Get(inputs.Source);
        if (!mapping.Entities.TryGetValue(inputs.Entity, out var entity))
        {
            throw new TaskFailedException(
                $"The source '{inputs.Source}' has no entity '{inputs.Entity}'; {mapping.File} has {string.Join(", ", mapping.Entities.Keys)}.", retryable: false);
        }
        var suite = Suite(inputs, entity, context);
        var bronze = await lake.RequireAsync(new LakeTableName("bronze", mapping.Source, inputs.Entity), context, cancellationToken);
        var rejects = await lake.FindAsync(new LakeTableName("rejects", mapping.Source, inputs.Entity), context, cancellationToken);
        var references = await ReferencesAsync(suite, bronze, context, cancellationToken);
        var attempt = context.Attempt;
        var identity = new ValidationIdentity(
            mapping.Source, inputs.Entity, attempt.DagId, attempt.RunKey, attempt.RunId, attempt.TaskId, attempt.AttemptId, attempt.TryNumber,
            context.DataIntervalStart, context.DataIntervalEnd, context.Time.GetUtcNow(), bronze.SnapshotId);
        var quarantine = new LakeTableName("quarantine", mapping.Source, inputs.Entity);
        var quarantineFile = lake.NewFile(context, quarantine);
        using var report = new StagedReport(options, mapping.Source, attempt.RunId, inputs.Entity, attempt.AttemptId);

        var history = await histories.ReadAsync(mapping.Source, inputs.Entity, cancellationToken, exceptRunId: attempt.RunId);
        var validation = new TableValidation(options, context, lake.Scan(bronze), rejects is null ? null : lake.Scan(rejects), references, history);
        var result = await Task.Run(() => validation.Run(suite, identity, quarantineFile, report.Folder, cancellationToken), cancellationToken);

        var file = await lake.DescribeAsync(quarantineFile, cancellationToken);
        long resultId = 0, snapshotId = 0;
        await context.PublishAsync(
            async (scope, token) =>
            {
                var columns = QuarantineFile.Columns.Select(column => new LakeColumn(column.Name, column.Type)).ToList();
                snapshotId = (await lake.PublishAsync(scope, context, quarantine, [file], columns, token)).SnapshotId;
                resultId = await store.PublishAsync(scope, identity, result, snapshotId, report.Path, token);
                report.MoveToPlace();
            },
            cancellationToken);
        report.Keep();
        Log(context, identity, result, report.Path);
        if (result.Outcome == ValidationOutcome.Failed)
            throw Failure(identity, result, report.Path);
        return new ValidateOutputs(
            result.RowsRead, result.RowsQuarantined, result.Reasons.ToDictionary(reason => reason.Code, reason => reason.Rows), result.RowsKept, result.Success,
            result.Outcome.ToString().ToLowerInvariant(), result.Expectations.Count, result.Expectations.Count - result.Successful, report.Path, resultId, snapshotId);
    }

    private ExpectationSuite Suite(ValidateInputs inputs, SourceEntity entity, TaskContext context)
    {
        var name = inputs.Suite.Length > 0 ? inputs.Suite : entity.Suite;
        if (name is not null)
            return suites.Get(name).Resolve(SuiteParameters.Of(context.DataIntervalStart, context.DataIntervalEnd, context.LogicalDate));
        if (entity.Kind != "none")
        {
            context.Logger.LogWarning(
                "No expectation suite is named for {Entity} of {Source}: only what ingestion refused is checked. Name one as \"suite\" in the source's mapping",
                inputs.Entity, inputs.Source);
        }
        return new ExpectationSuite($"{inputs.Source}/{inputs.Entity}", "", [], []);
    }

    /// <summary>Scans of the other tables the suite names, by that name; one that does not exist is left out and its expectation then fails with the reason.</summary>
    private async Task<IReadOnlyDictionary<string, string>> ReferencesAsync(
        ExpectationSuite suite, LakeSnapshot bronze, TaskContext context, CancellationToken cancellationToken)
    {
        var references = new Dictionary<string, string>(StringComparer.Ordinal);
        var source = bronze.Table.Source;
        if (ReferredTables.LooksBack(suite) && await PreviousAsync(bronze, cancellationToken) is { } previous)
            references.Add(ReferenceDistributions.Previous, lake.Scan(previous));
        foreach (var name in ReferredTables.Of(suite).Except([ReferenceDistributions.Previous]))
        {
            LakeTableName? table = name.Split('.') switch
            {
                [var entity] => new LakeTableName("bronze", source, entity),
                ["bronze", var entity] => new LakeTableName("bronze", source, entity),
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

    private static void Log(TaskContext context, ValidationIdentity identity, ValidationResult result, string reportPath)
    {
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
            identity.Table, result.Outcome, result.Successful, result.Expectations.Count, result.RowsRead, result.RowsQuarantined, result.RowsKept, $"{reportPath}/index.html");
    }

    private static TaskFailedException Failure(ValidationIdentity identity, ValidationResult result, string reportPath)
    {
        var findings = result.Stopping.Select(expectation => $"  {expectation.Expectation.Code}: {expectation.Statement}: {ReportPage.Found(expectation)}");
        return new TaskFailedException(
            $"""
            {identity.Table} broke {result.Stopping.Count} critical expectation{(result.Stopping.Count == 1 ? "" : "s")}:
            {string.Join(Environment.NewLine, findings)}
            The report {reportPath}/index.html shows the rows. Correct the source and rerun the ingestion, or change the expectation in {result.Suite.File} and rerun this task.
            """,
            FailureCause.BadData, retryable: false);
    }
}
