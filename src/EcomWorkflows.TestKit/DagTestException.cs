namespace EcomWorkflows.TestKit;

/// <summary>A run is not as the test says, or cannot be carried out; the message shows every task of it.</summary>
public sealed class DagTestException(string message) : Exception(message);
