using EcomWorkflows.Orchestration;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>The registry cannot do what was asked; the message says why and what can be done.</summary>
public sealed class ModelRegistryException(string message) : OrchestrationException(message);
