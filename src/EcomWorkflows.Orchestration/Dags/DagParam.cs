using System.Text.Json.Nodes;

namespace EcomWorkflows.Orchestration.Dags;

/// <summary>A declared DAG parameter.</summary>
/// <param name="Type">JSON type a given value must have: <c>string</c>, <c>integer</c>, <c>number</c>, <c>boolean</c>, <c>object</c> or <c>array</c>.</param>
/// <param name="Default">Value used when a run gives none; null when the parameter has no default.</param>
public sealed record DagParam(string Name, string Type, string? Description, JsonNode? Default);
