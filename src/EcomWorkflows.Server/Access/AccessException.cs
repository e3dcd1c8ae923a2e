namespace EcomWorkflows.Server.Access;

/// <summary>Something about accounts or keys cannot be done; the message says why and what can.</summary>
internal sealed class AccessException(string message) : Exception(message);
