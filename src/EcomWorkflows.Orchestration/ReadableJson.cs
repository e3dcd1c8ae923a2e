using System.Text.Encodings.Web;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcomWorkflows.Orchestration;

/// <summary>JSON that a person reads, in messages, tables and forms: letters of every language stay letters. Not for inside HTML without its own encoding.</summary>
public static class ReadableJson
{
    private static readonly JsonSerializerOptions Options = new() { Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static string ToReadableText(this JsonNode node) => node.ToJsonString(Options);
}
