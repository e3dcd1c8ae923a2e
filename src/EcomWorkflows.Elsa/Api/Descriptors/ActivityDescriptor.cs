using System.Text.Json.Nodes;

namespace EcomWorkflows.Elsa.Api.Descriptors;

/// <summary>A type of activity, as Studio's palette and property panel need it.</summary>
internal sealed record ActivityDescriptor(string TypeName, int Version, string Category, string DisplayName, string Description)
{
    public string Namespace => TypeName[..Math.Max(0, TypeName.LastIndexOf('.'))];

    /// <summary>Seeds the names of new activities.</summary>
    public string Name => TypeName[(TypeName.LastIndexOf('.') + 1)..];

    public IReadOnlyList<InputDescriptor> Inputs { get; init; } = [];

    public IReadOnlyList<OutputDescriptor> Outputs { get; init; } = [];

    public string Kind { get; init; } = "Action";

    public IReadOnlyList<Port> Ports { get; init; } = [];

    public JsonObject CustomProperties { get; init; } = [];

    public JsonObject ConstructionProperties { get; init; } = [];

    public bool IsContainer { get; init; }

    public bool IsBrowsable { get; init; } = true;

    public bool IsStart { get; init; }

    public bool IsTerminal { get; init; }
}
