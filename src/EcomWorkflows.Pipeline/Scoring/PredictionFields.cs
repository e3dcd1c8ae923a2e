using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;

namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Fields of predictions in PostgreSQL's binary form.</summary>
internal static class PredictionFields
{
    /// <summary>A row's reasons as jsonb, null where it was not explained.</summary>
    internal static void Drivers(this CopyBuffer buffer, IReadOnlyList<PredictionDriver>? drivers)
    {
        if (drivers is not null)
            buffer.Json(JsonSerializer.SerializeToUtf8Bytes(drivers, TaskJson.Options));
        else
            buffer.Null();
    }

    /// <summary>A field of type jsonb, whose binary form is a version byte, then the text.</summary>
    internal static void Json(this CopyBuffer buffer, ReadOnlySpan<byte> utf8)
    {
        Span<byte> field = buffer.Field(utf8.Length + 1);
        field[0] = 1;
        utf8.CopyTo(field[1..]);
    }
}
