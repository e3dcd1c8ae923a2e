namespace EcomWorkflows.Orchestration.Planning;

/// <summary>One <c>| name: argument, …</c> of a template expression.</summary>
/// <param name="Arguments">Each a string, a decimal or a bool.</param>
public sealed record TemplateFilterCall(string Name, IReadOnlyList<object> Arguments);
