using System.Text.Json.Serialization;

namespace EcomWorkflows.Server.Api.DagRuns;

/// <summary>Which version of the DAG a run executes.</summary>
internal sealed record DagVersionResponse(
    [property: JsonPropertyName("dag_id")] string DagId,
    [property: JsonPropertyName("version_number")] int VersionNumber);
