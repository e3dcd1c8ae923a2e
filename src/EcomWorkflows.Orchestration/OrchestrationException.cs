namespace EcomWorkflows.Orchestration;

/// <summary>A request to the orchestrator that cannot be carried out; the message is for the person who made it.</summary>
public class OrchestrationException(string message) : Exception(message);
