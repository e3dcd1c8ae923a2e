using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>What a file, or a source's mapping, wants the registry to hold about a view.</summary>
/// <param name="Source">Source or name the view's lake table is filed under.</param>
/// <param name="LogicHash">Changes with schema and logic: then the view gets a new version. Owner, tags, TTL and descriptions are no logic.</param>
internal sealed record FeatureViewDefinition(
    string Name,
    string Source,
    string Description,
    string Owner,
    IReadOnlyDictionary<string, string> Tags,
    TimeSpan? Ttl,
    IReadOnlyList<FeatureDefinition> Features,
    string LogicHash)
{
    /// <summary>An entity of the computed views, known without a file; so is <see cref="Product"/>.</summary>
    public static FeatureEntity Customer { get; } = new("customer", "customer_id", "A customer of the shop.");

    public static FeatureEntity Product { get; } = new("product", "product_id", "A product of the catalogue.");

    public IReadOnlyList<FeatureEntity> Entities { get; init; } = [Customer];

    public FeatureViewSource From { get; init; } = new();

    /// <summary>Name <c>POST /push</c> knows the view by, besides its own.</summary>
    public string? PushSource { get; init; }

    /// <summary>Whether the newest rows are served online.</summary>
    public bool Online { get; init; } = true;

    /// <summary>The customer activity view of a source that no file defines: as its mapping says.</summary>
    public static FeatureViewDefinition Of(SourceMapping mapping) => Of(mapping, ComputedView.CustomerActivity, CustomerActivityFeatures.Of(mapping));

    /// <summary>The view of visitors and items of a source that no file defines.</summary>
    public static FeatureViewDefinition OfPairs(SourceMapping mapping) => Of(mapping, ComputedView.VisitorItem, ComputedView.VisitorItem.Features);

    /// <summary>A view that a built-in task computes; its logic is the program's own.</summary>
    /// <param name="mapping">Null where the view's logic does not depend on it.</param>
    public static FeatureViewDefinition OfTask(
        ComputedView computed, SourceMapping? mapping, string source, string description, string owner, IReadOnlyDictionary<string, string> tags, TimeSpan? ttl,
        IReadOnlyList<FeatureDefinition> features) => new(
        computed.NameOf(source), source, description, owner, tags, ttl, features, Hash(string.Join('\n', features.Select(f => f.Name)) + '\n' + computed.Logic(mapping)))
    {
        Entities = computed.Entities,
        From = new FeatureViewSource { Task = computed.Task, Of = source },
    };

    private static FeatureViewDefinition Of(SourceMapping mapping, ComputedView computed, IReadOnlyList<FeatureDefinition> features) => OfTask(
        computed, mapping, mapping.Source, computed.Purpose(mapping.Source), mapping.Features.Owner, mapping.Features.Tags,
        mapping.Features.TtlDays is { } days ? TimeSpan.FromDays(days) : null, features);

    /// <summary>A view whose logic stands in its file.</summary>
    public static string LogicOf(FeatureViewSource source, IEnumerable<FeatureEntity> entities, IEnumerable<FeatureDefinition> features) => Hash(
        JsonSerializer.Serialize(source with { Request = source.Request is null ? null : [.. source.Request.Select(r => r with { Description = "" })] }) + '\n'
        + string.Join('\n', entities.Select(e => e.JoinKey)) + '\n'
        + string.Join('\n', features.Select(f => $"{f.Name} {f.Type.Name()} {f.Expression}")));

    private static string Hash(string logic) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(logic)));
}
