using System.Buffers.Binary;
using System.Text;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>
/// The feature values of one entity as one field, for all types: a slot of eight bytes each, as <see cref="OnlineValues"/> has them for doubles, then the texts.
/// </summary>
/// <remarks>Double and bool (1 or 0): big-endian double, NaN for null. Int64 and timestamp (microseconds since 1970): big-endian, the least number for null. String: offset and length in the rest, length -1 for null.</remarks>
internal static class PackedValues
{
    private const int NoText = -1;

    /// <param name="values">As DuckDB or JSON gives them, already of the feature's type; null where a value is not known.</param>
    public static byte[] Pack(IReadOnlyList<FeatureDefinition> features, IReadOnlyList<object?> values)
    {
        var slots = OnlineValues.Size(features.Count);
        var texts = features.Select((f, i) => f.Type == FeatureType.String && values[i] is string text ? Encoding.UTF8.GetBytes(text) : null).ToArray();
        var packed = new byte[slots + texts.Sum(t => t?.Length ?? 0)];
        var offset = 0;
        for (var i = 0; i < features.Count; i++)
        {
            var slot = packed.AsSpan(OnlineValues.Size(i), sizeof(double));
            switch (features[i].Type)
            {
                case FeatureType.String:
                    BinaryPrimitives.WriteInt32BigEndian(slot, offset);
                    BinaryPrimitives.WriteInt32BigEndian(slot[sizeof(int)..], texts[i]?.Length ?? NoText);
                    texts[i]?.CopyTo(packed.AsSpan(slots + offset));
                    offset += texts[i]?.Length ?? 0;
                    break;
                case FeatureType.Int64:
                    BinaryPrimitives.WriteInt64BigEndian(slot, values[i] is { } number ? Convert.ToInt64(number) : long.MinValue);
                    break;
                case FeatureType.Timestamp:
                    BinaryPrimitives.WriteInt64BigEndian(slot, values[i] is { } time ? Microseconds(time) : long.MinValue);
                    break;
                case FeatureType.Bool:
                    OnlineValues.Write(packed, i, values[i] is { } flag ? Convert.ToBoolean(flag) ? 1 : 0 : null);
                    break;
                default:
                    OnlineValues.Write(packed, i, values[i] is { } value && double.IsFinite(Convert.ToDouble(value)) ? Convert.ToDouble(value) : null);
                    break;
            }
        }
        return packed;
    }

    /// <summary>A value as a number: a bool as 1 or 0, a timestamp as microseconds since 1970; NaN where it is not known, and for texts.</summary>
    public static double Number(ReadOnlySpan<byte> packed, FeatureType type, int position) => type switch
    {
        FeatureType.Int64 or FeatureType.Timestamp => Integer(packed, position) is { } number ? number : double.NaN,
        FeatureType.String => double.NaN,
        _ => OnlineValues.Read(packed, position) ?? double.NaN,
    };

    public static long? Integer(ReadOnlySpan<byte> packed, int position)
    {
        var value = BinaryPrimitives.ReadInt64BigEndian(packed[OnlineValues.Size(position)..]);
        return value == long.MinValue ? null : value;
    }

    /// <param name="features">How many features the view has: the texts begin after their slots.</param>
    public static string? Text(ReadOnlySpan<byte> packed, int features, int position)
    {
        var slot = packed[OnlineValues.Size(position)..];
        var length = BinaryPrimitives.ReadInt32BigEndian(slot[sizeof(int)..]);
        return length == NoText ? null : Encoding.UTF8.GetString(packed.Slice(OnlineValues.Size(features) + BinaryPrimitives.ReadInt32BigEndian(slot), length));
    }

    /// <summary>A value as the .NET type nearest to its own; null where it is not known.</summary>
    public static object? Value(ReadOnlySpan<byte> packed, IReadOnlyList<FeatureDefinition> features, int position) => features[position].Type switch
    {
        FeatureType.String => Text(packed, features.Count, position),
        FeatureType.Int64 => Integer(packed, position),
        FeatureType.Timestamp => Integer(packed, position) is { } time ? DateTimeOffset.UnixEpoch.AddMicroseconds(time) : null,
        FeatureType.Bool => OnlineValues.Read(packed, position) is { } flag ? flag != 0 : null,
        _ => OnlineValues.Read(packed, position),
    };

    private static long Microseconds(object time)
    {
        var at = time is DateTimeOffset offset ? offset : new DateTimeOffset(DateTime.SpecifyKind((DateTime)time, DateTimeKind.Utc));
        return (at - DateTimeOffset.UnixEpoch).Ticks / TimeSpan.TicksPerMicrosecond;
    }
}
