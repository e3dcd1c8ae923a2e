using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Validation.Running;

namespace EcomWorkflows.Pipeline.Validation;

/// <summary>Checks a bronze table against its suite, quarantines what may not go on, and reports.</summary>
[TaskType(
    "Ecom.Validate",
    DisplayName = "Validate",
    Category = "Pipeline",
    Description = "Checks a bronze table against its expectation suite, puts bad rows into quarantine with their reasons, publishes the quality report, and stops the run when a critical expectation fails.")]
internal sealed class ValidateTask(TableChecking checking, LakeStore lake) : ITask<ValidateInputs, ValidateOutputs>
{
    public async Task<TaskResult<ValidateOutputs>> RunAsync(ValidateInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        var mapping = checking.Mapping(inputs.Source, inputs.Entity);
        var bronze = await lake.RequireAsync(new LakeTableName("bronze", mapping.Source, inputs.Entity), context, cancellationToken);
        var rejects = await lake.FindAsync(new LakeTableName("rejects", mapping.Source, inputs.Entity), context, cancellationToken);
        using var table = await checking.CheckAsync(mapping, inputs.Entity, inputs.Suite, bronze, rejects, context, cancellationToken);
        long resultId = 0, snapshotId = 0;
        await context.PublishAsync(async (scope, token) => (resultId, snapshotId) = await checking.PublishAsync(scope, context, table, token), cancellationToken);
        table.Report.Keep();
        TableChecking.Log(context, table);
        var result = table.Result;
        if (result.Outcome == ValidationOutcome.Failed)
            throw TableChecking.Failure(table);
        return new ValidateOutputs(
            result.RowsRead, result.RowsQuarantined, result.Reasons.ToDictionary(reason => reason.Code, reason => reason.Rows), result.RowsKept, result.Success,
            result.Outcome.ToString().ToLowerInvariant(), result.Expectations.Count, result.Expectations.Count - result.Successful, table.Report.Path, resultId, snapshotId);
    }
}
