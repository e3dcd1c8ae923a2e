using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Features.Definitions;

/// <summary>A view as its file has it; entities are still names.</summary>
/// <param name="At">For problems that show only when all files are read.</param>
internal sealed record ParsedView(
    DefinitionReader At,
    string Name,
    IReadOnlyList<string> Entities,
    FeatureViewSource From,
    string Description,
    string Owner,
    IReadOnlyDictionary<string, string> Tags,
    TimeSpan? Ttl,
    IReadOnlyList<FeatureDefinition> Features)
{
    public string? PushSource { get; init; }

    public bool Online { get; init; } = true;

    /// <summary>What a built-in task computes the view as; null for other views.</summary>
    public ComputedView? Computed => From.Of is null ? null : ComputedView.Of(From.Task);

    /// <param name="mapping">Of the source a built-in task computes the view of; null where there is none.</param>
    public FeatureViewDefinition With(IReadOnlyList<FeatureEntity> entities, SourceMapping? mapping) => (Computed is { } computed
        ? FeatureViewDefinition.OfTask(computed, mapping, From.Of!, Description, Owner, Tags, Ttl, Features)
        : new FeatureViewDefinition(Name, "store", Description, Owner, Tags, Ttl, Features, FeatureViewDefinition.LogicOf(From, entities, Features)))
        with { Entities = entities, From = From, PushSource = PushSource, Online = Online && !From.OnDemand };
}
