using System.Globalization;
using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Dags;

/// <summary>The content hash of a DAG: equal for equal meaning, whatever order tasks, edges, params and JSON members came in.</summary>
public static class DagHash
{
    /// <summary>SHA-256 of the canonical JSON, in lower-case hexadecimal.</summary>
    public static string Compute(Dag dag) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(Canonical(dag))));

    /// <summary>JSON with members, tasks, edges, params, schedules and tags in one fixed order and numbers in one form.</summary>
    public static string Canonical(Dag dag)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
            Write(writer, JsonSerializer.SerializeToElement(InStableOrder(dag), TaskJson.Options));
        return Encoding.UTF8.GetString(stream.GetBuffer(), 0, (int)stream.Length);
    }

    private static Dag InStableOrder(Dag dag) => dag with
    {
        Params = [.. dag.Params.OrderBy(p => p.Name, StringComparer.Ordinal)],
        Tasks = [.. dag.Tasks.OrderBy(t => t.TaskId, StringComparer.Ordinal)],
        Edges =
        [
            .. dag.Edges.Distinct()
                .OrderBy(e => e.From, StringComparer.Ordinal)
                .ThenBy(e => e.To, StringComparer.Ordinal)
                .ThenBy(e => e.Port, StringComparer.Ordinal),
        ],
        Settings = dag.Settings with
        {
            Schedule = [.. dag.Settings.Schedule.Order(StringComparer.Ordinal)],
            Tags = [.. dag.Settings.Tags.Order(StringComparer.Ordinal)],
            StartDate = dag.Settings.StartDate?.ToUniversalTime(),
            EndDate = dag.Settings.EndDate?.ToUniversalTime(),
        },
    };

    private static void Write(Utf8JsonWriter writer, JsonElement value)
    {
        switch (value.ValueKind)
        {
            case JsonValueKind.Object:
                writer.WriteStartObject();
                foreach (var member in value.EnumerateObject().OrderBy(m => m.Name, StringComparer.Ordinal))
                {
                    writer.WritePropertyName(member.Name);
                    Write(writer, member.Value);
                }
                writer.WriteEndObject();
                break;
            case JsonValueKind.Array:
                writer.WriteStartArray();
                foreach (var item in value.EnumerateArray())
                    Write(writer, item);
                writer.WriteEndArray();
                break;
            case JsonValueKind.Number:
                writer.WriteRawValue(Number(value));
                break;
            default:
                value.WriteTo(writer);
                break;
        }
    }

    /// <summary>1, 1.0 and 1e0 are one number.</summary>
    private static string Number(JsonElement value) =>
        value.TryGetDecimal(out var exact) && (double)exact == value.GetDouble()
            ? exact.ToString("0.############################", CultureInfo.InvariantCulture)
            : value.GetRawText();
}
