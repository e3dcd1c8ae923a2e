using System.Text.Json;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Writes an answer as Feast's feature server does: results by column, the join key first.</summary>
public static class OnlineFeaturesJson
{
    private const string Epoch = "1970-01-01T00:00:00Z";

    public static void Write(Utf8JsonWriter writer, OnlineFeaturesAnswer answer)
    {
        writer.WriteStartObject();
        writer.WriteStartObject("metadata"u8);
        writer.WriteStartArray("feature_names"u8);
        writer.WriteStringValue(answer.JoinKey);
        foreach (var column in answer.Columns)
            writer.WriteStringValue(column.Name);
        writer.WriteEndArray();
        if (answer.WithVersions)
            WriteVersions(writer, answer);
        writer.WriteEndObject();
        writer.WriteStartArray("results"u8);
        WriteEntities(writer, answer.Entities);
        foreach (var column in answer.Columns)
            WriteColumn(writer, column);
        writer.WriteEndArray();
        writer.WriteEndObject();
    }

    private static void WriteVersions(Utf8JsonWriter writer, OnlineFeaturesAnswer answer)
    {
        writer.WriteStartArray("feature_view_metadata"u8);
        foreach (var (name, version) in answer.Views)
        {
            writer.WriteStartObject();
            writer.WriteString("name"u8, name);
            writer.WriteNumber("version"u8, version);
            writer.WriteEndObject();
        }
        writer.WriteEndArray();
    }

    private static void WriteEntities(Utf8JsonWriter writer, IReadOnlyList<JsonElement> entities)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("values"u8);
        foreach (var entity in entities)
            entity.WriteTo(writer);
        writer.WriteEndArray();
        writer.WriteStartArray("statuses"u8);
        for (var i = 0; i < entities.Count; i++)
            writer.WriteStringValue(Wire(FeatureStatus.Present));
        writer.WriteEndArray();
        if (entities.Count > 0)
        {
            writer.WriteStartArray("event_timestamps"u8);
            for (var i = 0; i < entities.Count; i++)
                writer.WriteStringValue(Epoch);
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private static void WriteColumn(Utf8JsonWriter writer, OnlineFeatureColumn column)
    {
        writer.WriteStartObject();
        writer.WriteStartArray("values"u8);
        foreach (var value in column.Values)
            if (value is { } number && double.IsFinite(number))
                writer.WriteNumberValue(number);
            else
                writer.WriteNullValue();
        writer.WriteEndArray();
        writer.WriteStartArray("statuses"u8);
        foreach (var status in column.Statuses)
            writer.WriteStringValue(Wire(status));
        writer.WriteEndArray();
        if (column.EventTimestamps.Length > 0)
        {
            writer.WriteStartArray("event_timestamps"u8);
            foreach (var timestamp in column.EventTimestamps)
                writer.WriteStringValue(timestamp.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'"));
            writer.WriteEndArray();
        }
        writer.WriteEndObject();
    }

    private static string Wire(FeatureStatus status) => status switch
    {
        FeatureStatus.Present => "PRESENT",
        FeatureStatus.NullValue => "NULL_VALUE",
        FeatureStatus.NotFound => "NOT_FOUND",
        FeatureStatus.OutsideMaxAge => "OUTSIDE_MAX_AGE",
        _ => "INVALID",
    };
}
