using System.Text.Json.Nodes;

namespace EcomWorkflows.Orchestration.Secrets;

/// <summary>A connection to be stored.</summary>
/// <param name="Password">Null keeps the stored one; an empty text removes it.</param>
/// <param name="Extra">
/// Further settings. Members whose names speak of a secret (password, secret, token, key, credential) are kept encrypted; the value <c>***</c> keeps the stored
/// one.
/// </param>
public sealed record ConnectionChange(
    string Name, string Type, string? Host = null, int? Port = null, string? Login = null, string? Schema = null, string? Password = null, JsonObject? Extra = null,
    string Description = "");
