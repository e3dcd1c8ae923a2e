using System.Text.Json.Nodes;

namespace EcomWorkflows.Elsa.Api.Descriptors;

/// <summary>An input of an activity: a field of Studio's property panel.</summary>
/// <param name="UiHint">Which editor the field has.</param>
/// <param name="UiSpecifications">Settings of that editor, for example the choices of a dropdown.</param>
internal sealed record InputDescriptor(string Name, string TypeName, string DisplayName, string Description, double Order, string UiHint, JsonObject UiSpecifications)
{
    public bool IsBrowsable { get; init; } = true;

    public bool IsSynthetic => false;

    public bool IsWrapped => true;

    public string? Category { get; init; }

    public JsonNode? DefaultValue { get; init; }

    public string DefaultSyntax { get; init; } = "Literal";

    public bool IsReadOnly => false;

    public bool IsSensitive { get; init; }

    public string? StorageDriverType => null;
}
