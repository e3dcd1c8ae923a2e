namespace EcomWorkflows.Orchestration.Callbacks;

/// <summary>A callback was not taken by its receiver.</summary>
internal sealed class CallbackException(string message) : Exception(message);
