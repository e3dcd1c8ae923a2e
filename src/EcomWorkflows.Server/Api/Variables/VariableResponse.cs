using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Secrets;

namespace EcomWorkflows.Server.Api.Variables;

/// <summary>A variable, as Airflow's VariableResponse; the value of a secret is <c>***</c>.</summary>
internal sealed record VariableResponse(
    [property: JsonPropertyName("key")] string Key,
    [property: JsonPropertyName("value")] string Value,
    [property: JsonPropertyName("description")] string Description,
    [property: JsonPropertyName("is_encrypted")] bool IsEncrypted)
{
    public static VariableResponse From(VariableInfo variable) => new(variable.Name, variable.Value ?? SecretMasker.Mask, variable.Description, variable.IsSecret);
}
