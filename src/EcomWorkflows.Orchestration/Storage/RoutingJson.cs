using System.Text.Json;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>How a <see cref="Routing"/> is stored.</summary>
internal static class RoutingJson
{
    public static Routing? Read(string? json) => json is null ? null : JsonSerializer.Deserialize<Routing>(json, TaskJson.Options);

    public static string? Write(Routing? routing) => routing is null ? null : JsonSerializer.Serialize(routing, TaskJson.Options);
}
