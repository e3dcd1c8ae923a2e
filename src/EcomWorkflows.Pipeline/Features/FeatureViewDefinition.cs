using System.Security.Cryptography;
using System.Text;
using System.Text.Json;
using EcomWorkflows.Pipeline.Features.Activity;
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
    /// <summary>The entity of the customer activity views, known without a file.</summary>
    public static FeatureEntity Customer { get; } = new("customer", "customer_id", "A customer of the shop.");

    public IReadOnlyList<FeatureEntity> Entities { get; init; } = [Customer];

    public FeatureViewSource From { get; init; } = new();

    /// <summary>Name <c>POST /push</c> knows the view by, besides its own.</summary>
    public string? PushSource { get; init; }

    /// <summary>Whether the newest rows are served online.</summary>
    public bool Online { get; init; } = true;

    /// <summary>The customer activity view of a source that no file defines: as its mapping says.</summary>
    public static FeatureViewDefinition Of(SourceMapping mapping) => OfTask(
        FeatureView.NameOf(mapping.Source), mapping.Source, $"What a customer of '{mapping.Source}' has done before an as-of time: orders, spending, returns, visits.",
        mapping.Features.Owner, mapping.Features.Tags, mapping.Features.TtlDays is { } days ? TimeSpan.FromDays(days) : null, CustomerActivityFeatures.Of(mapping));

    /// <summary>A customer activity view; its logic is the program's own.</summary>
    public static FeatureViewDefinition OfTask(
        string name, string source, string description, string owner, IReadOnlyDictionary<string, string> tags, TimeSpan? ttl, IReadOnlyList<FeatureDefinition> features) => new(
        name, source, description, owner, tags, ttl, features,
        Hash(string.Join('\n', features.Select(f => f.Name)) + '\n' + CustomerActivitySql.EventsText + '\n' + CustomerActivitySql.RowsText + '\n' + EventLog.Logic))
    {
        From = new FeatureViewSource { Task = BuildFeaturesTask.Type, Of = source },
    };

    /// <summary>A view whose logic stands in its file.</summary>
    public static string LogicOf(FeatureViewSource source, IEnumerable<FeatureEntity> entities, IEnumerable<FeatureDefinition> features) => Hash(
        JsonSerializer.Serialize(source with { Request = source.Request is null ? null : [.. source.Request.Select(r => r with { Description = "" })] }) + '\n'
        + string.Join('\n', entities.Select(e => e.JoinKey)) + '\n'
        + string.Join('\n', features.Select(f => $"{f.Name} {f.Type.Name()} {f.Expression}")));

    private static string Hash(string logic) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(logic)));
}
