using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Dags;

/// <summary>JSON schema of a parameter's value.</summary>
internal sealed record DagParamSchema([property: JsonPropertyName("type")] string Type);
