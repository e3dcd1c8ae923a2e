using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.Dags;

/// <summary>A word to find DAGs by.</summary>
internal sealed record DagTag([property: JsonPropertyName("name")] string Name, [property: JsonPropertyName("dag_id")] string DagId);
