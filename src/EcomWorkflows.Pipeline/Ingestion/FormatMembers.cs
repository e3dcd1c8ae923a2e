using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>Reads the members of an entity's <c>format</c>, with defaults and messages that say what is allowed.</summary>
internal sealed class FormatMembers(SourceMapping mapping, string entity)
{
    private static readonly string[] OfValues = ["type", "nulls", "decimal", "timestamp", "date"];

    private static readonly string[] OfQueries = ["type", "query", "watermark", "initial_watermark", "timeout_seconds", "retries", "retry_delay_ms"];

    private static readonly string[] OfApis =
    [
        .. OfValues, "paging", "page_parameter", "size_parameter", "cursor_parameter", "page_size", "items", "next", "token_variable", "requests_per_second", "conditional", "retries",
        "retry_delay_ms", "longest_retry_after_seconds", "timeout_seconds",
    ];

    private readonly JsonObject? format = mapping.Entities[entity].Format;

    /// <summary>The members that are read of the format of a kind of entity; null where anything may stand there, or its type is none.</summary>
    /// <param name="type">Of files.</param>
    public static IReadOnlyList<string>? Known(string kind, string? type) => (kind, type ?? "csv") switch
    {
        ("file", "csv" or "tsv") => [.. OfValues, "delimiter", "quote", "encoding", "header"],
        ("file", "jsonl" or "parquet") => OfValues,
        ("rest", _) => OfApis,
        ("postgres", _) => OfQueries,
        _ => null,
    };

    public string Text(string name, string fallback) => format?[name] is null ? fallback : AsText(name, format[name]!);

    public string? Text(string name) => format?[name] is { } value ? AsText(name, value) : null;

    public string OneOf(string name, string fallback, IReadOnlyList<string> allowed)
    {
        var text = Text(name, fallback);
        return allowed.Contains(text) ? text : throw Refuse(name, $"one of {string.Join(", ", allowed)}", text);
    }

    public byte OneByte(string name, string fallback)
    {
        var text = Text(name, fallback);
        return text.Length == 1 && text[0] < 128 && text[0] is not ('\n' or '\r') ? (byte)text[0] : throw Refuse(name, "one ASCII character", text);
    }

    public bool Flag(string name, bool fallback) => format?[name] switch
    {
        null => fallback,
        { } value when value.GetValueKind() is JsonValueKind.True or JsonValueKind.False => value.GetValue<bool>(),
        { } value => throw Refuse(name, "true or false", value.ToReadableText()),
    };

    public int Number(string name, int fallback, int lowest, int highest) => format?[name] switch
    {
        null => fallback,
        JsonValue value when value.TryGetValue<int>(out var number) && number >= lowest && number <= highest => number,
        { } value => throw Refuse(name, $"a whole number from {lowest} to {highest}", value.ToReadableText()),
    };

    /// <summary>A text or a list of texts.</summary>
    public IReadOnlyList<string> Texts(string name, IReadOnlyList<string> fallback) => format?[name] switch
    {
        null => fallback,
        JsonArray list => [.. list.Select(item => item is null ? throw Refuse(name, "texts", "null") : AsText(name, item))],
        { } value => [AsText(name, value)],
    };

    public TaskFailedException Refuse(string name, string allowed, string got) => new(
        $"{mapping.File}: entities.{entity}.format.{name}: allowed is {allowed}; got {got}. Correct the mapping and run the task again.", retryable: false);

    private string AsText(string name, JsonNode value) =>
        value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : throw Refuse(name, "a text", value.ToReadableText());
}
