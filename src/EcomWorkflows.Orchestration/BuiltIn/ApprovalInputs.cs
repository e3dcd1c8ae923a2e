using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Inputs of <see cref="ApprovalTask"/>.</summary>
public sealed record ApprovalInputs
{
    [TaskInput("What is to be decided, in one line.")]
    public required string Subject { get; init; }

    [TaskInput("What the person should know to decide.", UiHint = "multiline")]
    public string Body { get; init; } = "";

    [TaskInput("The answers to choose from. 'reject' has a meaning of its own (see On reject); every other answer lets the run go on.")]
    public IReadOnlyList<string> Options { get; init; } = [ApprovalTask.Approve, ApprovalTask.Reject];

    [TaskInput("Users who may answer; empty is anybody who may operate runs.")]
    public IReadOnlyList<string> Assignees { get; init; } = [];

    [TaskInput("How long to wait for an answer, in seconds; empty waits for ever.")]
    public double? TimeoutSeconds { get; init; }

    [TaskInput("What happens when nobody answers in time: fail, skip, or one of the options, which is then taken as the answer.")]
    public string OnTimeout { get; init; } = "fail";

    [TaskInput("What 'reject' does to the task.")]
    public RejectionEffect OnReject { get; init; } = RejectionEffect.Fail;
}
