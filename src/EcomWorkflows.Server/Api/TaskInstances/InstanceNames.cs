using System.Text.Json;
using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Server.Api.TaskInstances;

/// <summary>Reads Airflow's way to name instances: a task id, or a task id with a map index: <c>["load", ["score", 3]]</c>.</summary>
internal static class InstanceNames
{
    /// <exception cref="BadRequestException">An element is neither.</exception>
    public static (IReadOnlyList<string>? TaskIds, IReadOnlyList<InstanceKey> Instances) Read(IReadOnlyList<JsonElement>? given)
    {
        if (given is null or [])
            return (null, []);
        var tasks = new List<string>();
        var instances = new List<InstanceKey>();
        foreach (var one in given)
        {
            if (one.ValueKind == JsonValueKind.String)
                tasks.Add(one.GetString()!);
            else if (one is { ValueKind: JsonValueKind.Array } pair && pair.GetArrayLength() == 2 && pair[0].ValueKind == JsonValueKind.String && pair[1].ValueKind == JsonValueKind.Number && pair[1].TryGetInt32(out var index))
                instances.Add(new InstanceKey(pair[0].GetString()!, index));
            else
                throw new BadRequestException($"task_ids has {one.GetRawText()}; allowed are a task id (\"load\") and a task id with a map index ([\"score\", 3]).");
        }
        return (tasks, instances);
    }
}
