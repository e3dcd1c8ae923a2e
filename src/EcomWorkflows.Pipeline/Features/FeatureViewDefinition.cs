using System.Security.Cryptography;
using System.Text;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>What a materialisation wants the registry to hold.</summary>
/// <param name="LogicHash">Changes with the SQL and with the list of features: then the view gets a new version.</param>
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
    public const string Entity = "customer";

    public const string JoinKey = "customer_id";

    public static FeatureViewDefinition Of(SourceMapping mapping)
    {
        var features = CustomerActivityFeatures.Of(mapping);
        var logic = string.Join('\n', features.Select(f => f.Name)) + '\n' + CustomerActivitySql.EventsText + '\n' + CustomerActivitySql.RowsText;
        return new FeatureViewDefinition(
            FeatureView.NameOf(mapping.Source), mapping.Source, $"What a customer of '{mapping.Source}' has done before an as-of time: orders, spending, returns, visits.",
            mapping.Features.Owner, mapping.Features.Tags, mapping.Features.TtlDays is { } days ? TimeSpan.FromDays(days) : null, features,
            Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(logic))));
    }
}
