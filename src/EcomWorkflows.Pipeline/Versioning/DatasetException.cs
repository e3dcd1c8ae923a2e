using EcomWorkflows.Orchestration;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>A request about dataset versions that cannot be carried out as it stands; the message is for the person who made it.</summary>
public class DatasetException(string message) : OrchestrationException(message);
