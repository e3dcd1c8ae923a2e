using System.Text.Json.Nodes;

namespace EcomWorkflows.Orchestration.Secrets;

/// <summary>A connection without its secrets.</summary>
/// <param name="Type">For example <c>postgres</c>, <c>http</c>, <c>smtp</c>.</param>
/// <param name="Extra">Further settings; secret ones are listed in <paramref name="SecretFields"/> only.</param>
/// <param name="SecretFields">Names of the fields that are kept encrypted: <c>password</c>, <c>extra.&lt;name&gt;</c>.</param>
public sealed record StoredConnection(
    string Name, string Type, string? Host, int? Port, string? Login, string? Schema, JsonObject Extra, IReadOnlyList<string> SecretFields,
    string Description, DateTimeOffset UpdatedAt, string UpdatedBy);
