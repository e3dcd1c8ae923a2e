namespace EcomWorkflows.Elsa.Api.Descriptors;

/// <summary>An outgoing connector of an activity.</summary>
internal sealed record Port(string Name)
{
    public string DisplayName => Name;

    public string Type => "Flow";

    public bool IsBrowsable => true;
}
