using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Running;
using EcomWorkflows.Pipeline.Validation.Storage;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Validation.Replay;

/// <summary>Looks at the quarantine again after a rule or the reading of the source was corrected, and lets in what is good now.</summary>
/// <remarks>
/// Rows are told by file and line, and a table's good rows are bronze minus quarantine; so a row is let in by no longer being held, once, however often this runs. The raw files are
/// read as the mapping says today, the whole table is checked (a repeated key needs the other rows), and all tables change in one fenced transaction that refuses
/// when any of them was published by somebody else meanwhile.
/// </remarks>
[TaskType(
    "Ecom.ReplayQuarantine",
    DisplayName = "Replay quarantine",
    Category = "Pipeline",
    Description = "Checks quarantined rows and refused lines again after a rule or the source's mapping was corrected, and lets in those that are good now.")]
internal sealed class ReplayQuarantineTask(TableChecking checking, LakeStore lake, QualityStore store, PipelineOptions options) : ITask<ReplayInputs, ReplayOutputs>
{
    private readonly RawRereading raw = new(lake, options);

    public async Task<TaskResult<ReplayOutputs>> RunAsync(ReplayInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var mapping = checking.Mapping(inputs.Source, inputs.Entity);
        var bronze = await lake.RequireAsync(new LakeTableName("bronze", mapping.Source, inputs.Entity), context, cancellationToken);
        var rejects = await lake.FindAsync(new LakeTableName("rejects", mapping.Source, inputs.Entity), context, cancellationToken);
        var quarantine = await lake.FindAsync(new LakeTableName("quarantine", mapping.Source, inputs.Entity), context, cancellationToken);
        LakeSnapshot?[] seen = [bronze, rejects, quarantine];
        var newest = await NewestAsync(seen.OfType<LakeSnapshot>(), cancellationToken);
        // Its own snapshot and result are this try's to replace; what they have let in is this run's to count.
        var earlier = await store.EarlierTryAsync(context.Attempt.RunId, bronze.Table, cancellationToken);
        var before = earlier is null ? quarantine : await lake.GetAsync(earlier.QuarantineBefore, cancellationToken) ?? quarantine;
        if (inputs.Suite.Length == 0 && mapping.Entities[inputs.Entity].Suite is null && before is not null)
            await RequireNoneOfASuiteAsync(mapping.File, inputs.Entity, bronze.Table, before, cancellationToken);
        var reread = await raw.ReadAsync(mapping, inputs.Entity, bronze, rejects, context, cancellationToken);

        using var table = await checking.CheckAsync(mapping, inputs.Entity, inputs.Suite, reread.Bronze, reread.Rejects, context, cancellationToken);
        var count = await Task.Run(
            () => ReplayCount.Of(
                before is null ? ReplayCount.Nothing : lake.Scan(before), lake.Absolute(table.Quarantine.Path), Path.Combine(table.Report.Folder, "released.csv"),
                options.DuckDbMemoryLimit, cancellationToken),
            cancellationToken);
        TableChecking.Log(context, table);
        if (table.Result.Outcome == ValidationOutcome.Failed)
        {
            var failure = TableChecking.Failure(table);
            throw new TaskFailedException($"Nothing was let in. {failure.Message}", FailureCause.BadData, retryable: false);
        }

        if (inputs.DryRun)
        {
            // Skipped, so that nothing below is built anew.
            return new TaskResult<ReplayOutputs>.Skipped(
                $"Dry run: {count.Released:N0} of {count.Before:N0} rows would be let in, {count.Held:N0} would stay, {count.NewlyHeld:N0} would be newly held; "
                + $"{reread.FilesReread:N0} raw files read differently now. Nothing was changed.");
        }

        if (count is { Before: 0, NewlyHeld: 0 } && reread.FilesReread == 0)
        {
            context.Logger.LogInformation("Nothing is in quarantine for {Table}, its raw files are read as before, and no rule holds more of its rows", bronze.Table);
            return new ReplayOutputs(0, 0, 0, 0, 0, "nothing to do", null, null);
        }

        var filesReread = reread.FilesReread + (earlier?.FilesReread ?? 0);
        long resultId = 0;
        await context.PublishAsync(
            async (scope, token) =>
            {
                await store.RequireNewestAsync(scope, newest, token);
                if (reread.FilesReread > 0)
                {
                    await lake.PublishAsync(scope, context, reread.Bronze.Table, reread.Bronze.Files, reread.Bronze.Columns, token);
                    if (reread.Rejects is { } refused)
                        await lake.PublishAsync(scope, context, refused.Table, refused.Files, refused.Columns, token);
                }
                (resultId, _) = await checking.PublishAsync(scope, context, table, token);
                await store.RecordReplayAsync(scope, resultId, count, filesReread, before?.SnapshotId, context.Time.GetUtcNow(), token);
            },
            cancellationToken);
        table.Report.Keep();
        context.Logger.LogInformation(
            "{Released} of {Before} rows are let in, {Held} stay, {NewlyHeld} are newly held; {Files} raw files read anew", count.Released, count.Before, count.Held, count.NewlyHeld, filesReread);
        return new ReplayOutputs(
            count.Before, count.Released, count.Held, count.NewlyHeld, filesReread, table.Result.Outcome.ToString().ToLowerInvariant(), table.Report.Path, resultId);
    }

    /// <summary>Without a suite nothing holds a row back: that is no correction of the rules, but their absence.</summary>
    private async Task RequireNoneOfASuiteAsync(string file, string entity, LakeTableName table, LakeSnapshot quarantine, CancellationToken cancellationToken)
    {
        var held = await Task.Run(
            () =>
            {
                using var duck = DuckDbConnection.Open(new DuckDbOptions { Threads = 1, MemoryLimit = options.DuckDbMemoryLimit });
                return duck.Scalar<long>(
                    $"""
                    select count(*)
                    from {lake.Scan(quarantine)}
                    where not list_has_all([{string.Join(", ", IngestExpectations.Rules.Select(DuckDbSql.Literal))}], rules)
                    """, ct: cancellationToken);
            },
            cancellationToken);
        if (held > 0)
        {
            throw new TaskFailedException(
                $"Nothing was let in. Rules of a suite hold {held:N0} rows of {table}, and no suite is named now, so all of them would be let in. Name it as \"suite\" of entities.{entity} in {file}, "
                + "or in the input suite of the task.", FailureCause.BadData, retryable: false);
        }
    }

    /// <summary>The newest snapshot of each table, whichever run it is of: what must not have changed until the commit.</summary>
    private async Task<IReadOnlyList<LakeSnapshot>> NewestAsync(IEnumerable<LakeSnapshot> tables, CancellationToken cancellationToken)
    {
        var newest = new List<LakeSnapshot>();
        foreach (var table in tables)
            newest.Add((await lake.HistoryAsync(table.Table, cancellationToken, limit: 1))[0]);
        return newest;
    }
}
