using System.Text.Json;
using System.Text.Json.Serialization;

namespace EcomWorkflows.Pipeline.Sources;

/// <summary>How one shop's exports become our tables: read from <c>workflows/sources/{source}.json</c>, never from code per data set.</summary>
/// <param name="Source">Name of the source, <c>[a-z][a-z0-9_]*</c>; it is part of every lake table's name.</param>
/// <param name="Entities">What is ingested, by entity name (<c>events</c>, <c>products</c>, <c>customers</c>, <c>orders</c>, <c>order_items</c>).</param>
/// <param name="Silver">SELECT per silver table; see <see cref="SilverTable"/>.</param>
public sealed record SourceMapping(
    string Source,
    string? Description,
    IReadOnlyDictionary<string, SourceEntity> Entities,
    IReadOnlyDictionary<string, SilverTable>? Silver,
    ActivityMapping? Activity,
    ChurnSettings Churn)
{
    public string Description { get; init; } = Description ?? "";

    /// <summary>SELECT per silver table; empty where the source has bronze tables only.</summary>
    public IReadOnlyDictionary<string, SilverTable> Silver { get; init; } = Silver ?? new Dictionary<string, SilverTable>();

    /// <summary>Which silver events are activity; every event where nothing is said.</summary>
    public ActivityMapping Activity { get; init; } = Activity ?? new ActivityMapping([]);

    /// <summary>File the mapping was read from, for messages.</summary>
    [JsonIgnore(Condition = JsonIgnoreCondition.WhenReading)]
    public string File { get; init; } = "";

    /// <summary>What of the feature view this source fills, and who answers for it.</summary>
    public FeatureSettings Features { get; init; } = new();

    /// <summary>Windows of the purchase problem.</summary>
    public PurchaseSettings Purchase { get; init; } = new();

    /// <summary>Members we do not know, kept as they came.</summary>
    [JsonExtensionData]
    public Dictionary<string, JsonElement>? Unknown { get; init; }
}
