namespace EcomWorkflows.Orchestration.Secrets;

/// <summary>A stored secret cannot be read, or the key cannot be used; the message says which and what to do, never the secret.</summary>
public sealed class SecretException(string message) : OrchestrationException(message);
