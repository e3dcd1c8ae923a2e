using System.Buffers.Text;
using System.Text;
using System.Text.Encodings.Web;
using System.Text.Json;

namespace EcomWorkflows.Pipeline.Features.Online;

/// <summary>The newest values of one entity in one view, with their JSON made once: answering is copying.</summary>
internal sealed class OnlineRow
{
    private const int MostDigits = 32;

    private readonly IReadOnlyList<FeatureDefinition> features;
    private readonly byte[] packed;
    private readonly byte[] json;
    private readonly int[] ends;

    public OnlineRow(IReadOnlyList<FeatureDefinition> features, DateTimeOffset eventTimestamp, byte[] packed)
    {
        this.features = features;
        this.packed = packed;
        EventTimestamp = eventTimestamp;
        TimestampJson = Encoding.ASCII.GetBytes($"\"{Rfc3339(eventTimestamp)}\"");
        (json, ends) = Render(features, packed);
    }

    private OnlineRow()
    {
        (features, packed, json, ends, TimestampJson) = ([], [], [], [], []);
    }

    /// <summary>Stands for an entity that is known to have no row.</summary>
    public static OnlineRow Absent { get; } = new();

    public DateTimeOffset EventTimestamp { get; }

    /// <summary>The event timestamp as a JSON string.</summary>
    public byte[] TimestampJson { get; }

    /// <summary>A value as JSON; empty where it is null.</summary>
    public ReadOnlySpan<byte> Json(int position)
    {
        var start = position == 0 ? 0 : ends[position - 1];
        return json.AsSpan(start, ends[position] - start);
    }

    public bool IsNull(int position) => Json(position).IsEmpty;

    /// <summary>NaN where the value is not known.</summary>
    public double Number(int position) => PackedValues.Number(packed, features[position].Type, position);

    public object? Value(int position) => PackedValues.Value(packed, features, position);

    public static string Rfc3339(DateTimeOffset at) => at.UtcDateTime.ToString("yyyy-MM-dd'T'HH:mm:ss.FFFFFF'Z'");

    private static (byte[] Json, int[] Ends) Render(IReadOnlyList<FeatureDefinition> features, byte[] packed)
    {
        if (packed.Length < OnlineValues.Size(features.Count))
            OnlineValues.Read(packed, features.Count - 1);
        var ends = new int[features.Count];
        var text = new byte[features.Count * MostDigits];
        var length = 0;
        for (var i = 0; i < ends.Length; i++)
        {
            var written = 0;
            ReadOnlySpan<byte> longer = [];
            switch (features[i].Type)
            {
                case FeatureType.Double when OnlineValues.Read(packed, i) is { } number:
                    Utf8Formatter.TryFormat(number, text.AsSpan(length), out written);
                    break;
                case FeatureType.Int64 when PackedValues.Integer(packed, i) is { } whole:
                    Utf8Formatter.TryFormat(whole, text.AsSpan(length), out written);
                    break;
                case FeatureType.Bool when OnlineValues.Read(packed, i) is { } flag:
                    longer = flag != 0 ? "true"u8 : "false"u8;
                    break;
                case FeatureType.Timestamp when PackedValues.Integer(packed, i) is { } time:
                    longer = Encoding.ASCII.GetBytes($"\"{Rfc3339(DateTimeOffset.UnixEpoch.AddMicroseconds(time))}\"");
                    break;
                case FeatureType.String when PackedValues.Text(packed, features.Count, i) is { } value:
                    longer = Encoding.UTF8.GetBytes($"\"{JsonEncodedText.Encode(value, JavaScriptEncoder.UnsafeRelaxedJsonEscaping)}\"");
                    break;
            }
            if (longer.Length > 0)
            {
                Array.Resize(ref text, Math.Max(text.Length, length + longer.Length + ((ends.Length - i) * MostDigits)));
                longer.CopyTo(text.AsSpan(length));
                written = longer.Length;
            }
            length += written;
            ends[i] = length;
        }
        return (text.AsSpan(0, length).ToArray(), ends);
    }
}
