using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Server.Api.Monitor;

/// <summary>A DAG file that could not be imported, as Airflow's ImportErrorResponse; <c>problems</c> is ours: each with its place.</summary>
internal sealed record ImportErrorResponse(
    [property: JsonPropertyName("import_error_id")] int ImportErrorId,
    [property: JsonPropertyName("timestamp")] DateTimeOffset Timestamp,
    [property: JsonPropertyName("filename")] string Filename,
    [property: JsonPropertyName("stack_trace")] string StackTrace,
    [property: JsonPropertyName("problems")] IReadOnlyList<DagProblem> Problems);
