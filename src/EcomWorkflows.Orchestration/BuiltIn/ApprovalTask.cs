using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Asks a person and waits for the answer without holding a slot.</summary>
[TaskType(TypeName, DisplayName = "Approval", Category = "Core", Description = "Asks a person to decide, and waits for the answer without holding a slot.")]
public sealed class ApprovalTask : ITask<ApprovalInputs, ApprovalOutputs>
{
    internal const string TypeName = "Core.Approval";

    public const string Approve = "approve";
    public const string Reject = "reject";

    public Task<TaskResult<ApprovalOutputs>> RunAsync(ApprovalInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        if (context.Check == 1)
            return Task.FromResult<TaskResult<ApprovalOutputs>>(Ask(inputs, context.Time.GetUtcNow()));
        if (context.Answer is { } answer)
            return Task.FromResult(Decide(inputs, new ApprovalOutputs(answer.Option, answer.By, answer.Comment, answer.At)));
        return Task.FromResult(inputs.OnTimeout switch
        {
            "skip" => new TaskResult<ApprovalOutputs>.Skipped($"Nobody answered '{inputs.Subject}' in time."),
            "fail" => throw new TaskFailedException(
                $"Nobody answered '{inputs.Subject}' within {TimeSpan.FromSeconds(inputs.TimeoutSeconds ?? 0)}.", FailureCause.Timeout, retryable: false),
            var option => Decide(inputs, new ApprovalOutputs(option, "timeout", null, context.Time.GetUtcNow())),
        });
    }

    /// <summary>What may happen when nobody answers in time.</summary>
    internal static IReadOnlyList<string> OnTimeouts(IEnumerable<string> options) => ["fail", "skip", .. options];

    private static TaskResult<ApprovalOutputs>.AwaitingInput Ask(ApprovalInputs inputs, DateTimeOffset now)
    {
        if (inputs.Options.Count == 0 || inputs.Options.Any(string.IsNullOrWhiteSpace))
            throw new TaskFailedException("options must name at least one answer, none of them empty.", retryable: false);
        if (!OnTimeouts(inputs.Options).Contains(inputs.OnTimeout, StringComparer.Ordinal))
            throw new TaskFailedException($"onTimeout is '{inputs.OnTimeout}'; allowed are {string.Join(", ", OnTimeouts(inputs.Options))}.", retryable: false);
        if (inputs.TimeoutSeconds is { } limit && !(limit > 0 && limit <= TimeSpan.FromDays(365).TotalSeconds))
            throw new TaskFailedException($"timeoutSeconds is {limit}; allowed are more than 0 to 31536000 (a year), or leave it out to wait for ever.", retryable: false);
        return new(new TaskQuestion(inputs.Subject, inputs.Options)
        {
            Body = inputs.Body,
            Assignees = inputs.Assignees,
            Until = inputs.TimeoutSeconds is { } seconds ? now + TimeSpan.FromSeconds(seconds) : null,
        });
    }

    private static TaskResult<ApprovalOutputs> Decide(ApprovalInputs inputs, ApprovalOutputs decision)
    {
        if (decision.Decision != Reject || inputs.OnReject == RejectionEffect.Succeed)
            return decision;
        var said = $"'{inputs.Subject}' was rejected by {decision.DecidedBy}{(string.IsNullOrEmpty(decision.Comment) ? "" : $": {decision.Comment}")}";
        return inputs.OnReject == RejectionEffect.Skip
            ? new TaskResult<ApprovalOutputs>.Skipped(said)
            : throw new TaskFailedException(said, retryable: false);
    }
}
