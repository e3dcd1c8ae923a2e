using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>How an attempt that waits goes on.</summary>
/// <param name="NotBefore">When it is taken up at the latest; null waits for the event or the answer alone.</param>
/// <param name="EventKey">The event a deferred attempt waits for.</param>
/// <param name="Question">What a person is asked.</param>
/// <param name="Memo">JSON object for the next check; null keeps what is there.</param>
public sealed record AttemptWait(DateTimeOffset? NotBefore, string? EventKey, TaskQuestion? Question, string? Memo);
