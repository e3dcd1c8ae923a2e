namespace EcomWorkflows.Testing.Web;

/// <summary>What a scripted task does.</summary>
/// <param name="FailedTries">Tries that fail, counted from the first.</param>
/// <param name="Gate">Held until the test opens it; null does not wait.</param>
/// <param name="Report">Path of a report it claims to have written, under <c>reports/</c>.</param>
public sealed record StepPlan(int FailedTries = 0, TaskCompletionSource? Gate = null, string? Report = null);
