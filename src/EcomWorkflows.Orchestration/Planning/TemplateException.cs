namespace EcomWorkflows.Orchestration.Planning;

/// <summary>A template that has no value in this run; the message names it and says what to do.</summary>
public sealed class TemplateException(string message) : Exception(message);
