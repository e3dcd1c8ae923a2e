using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Features.Online;

/// <summary>A row of the online store: the values of one entity (<see cref="PackedValues"/>, in the table as <see cref="CompactValues"/>) and the time they belong to.</summary>
/// <param name="EntityKey">The join key's value; of several entities, the values with U+001F between them.</param>
internal sealed record OnlineStoreRow(string EntityKey, DateTimeOffset EventTimestamp, byte[] Values)
{
    /// <summary>Rows of a query: key, time, then the features.</summary>
    public static IEnumerable<OnlineStoreRow> Read(DuckDbReader rows, IReadOnlyList<FeatureDefinition> features)
    {
        var values = new object?[features.Count];
        while (rows.Read())
        {
            for (var i = 0; i < values.Length; i++)
                values[i] = rows.GetValue(i + 2);
            yield return new OnlineStoreRow(rows.Get<string>(0), new DateTimeOffset(DateTime.SpecifyKind(rows.Get<DateTime>(1), DateTimeKind.Utc)), PackedValues.Pack(features, values));
        }
    }
}
