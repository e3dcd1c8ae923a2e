namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>What a Parquet file tells of one of its columns, over all row groups.</summary>
/// <param name="Nulls">Missing values; null where a row group does not tell.</param>
/// <param name="HasExtremes">Whether each row group with a value tells the smallest and the largest of them.</param>
/// <param name="ByType">These, read as each of <see cref="Types"/>.</param>
internal sealed record StoredColumn(long? Nulls, bool HasExtremes, IReadOnlyDictionary<string, (string? Min, string? Max)> ByType)
{
    /// <summary>Types whose extremes a file holds as text that reads back as the same value.</summary>
    public static IReadOnlyList<string> Types { get; } = ["VARCHAR", "BIGINT", "INTEGER", "TIMESTAMP", "DATE", "BOOLEAN"];

    /// <summary>A column of a file without rows.</summary>
    public static StoredColumn Empty { get; } = new(0, HasExtremes: false, new Dictionary<string, (string?, string?)>());

    /// <summary>A column of texts without missing values, of which each value was counted.</summary>
    public static StoredColumn Of(IReadOnlyList<CountOf> values) => values.Count == 0
        ? Empty
        : new StoredColumn(0, HasExtremes: true, new Dictionary<string, (string?, string?)>
        {
            ["VARCHAR"] = (values.Select(value => value.Value).Min(StringComparer.Ordinal), values.Select(value => value.Value).Max(StringComparer.Ordinal)),
        });

    /// <summary>Missing values, the smallest and the largest; null where the file does not tell them.</summary>
    /// <param name="type">Of the column.</param>
    public (long Nulls, string? Min, string? Max)? Extremes(string type) =>
        HasExtremes && Nulls is { } nulls && ByType.TryGetValue(type, out var extremes) ? (nulls, extremes.Min, extremes.Max) : null;
}
