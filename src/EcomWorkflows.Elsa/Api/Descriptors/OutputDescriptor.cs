namespace EcomWorkflows.Elsa.Api.Descriptors;

/// <summary>An output of an activity.</summary>
internal sealed record OutputDescriptor(string Name, string TypeName, string DisplayName, string Description, double Order)
{
    public bool IsBrowsable => true;

    public bool IsSynthetic => false;
}
