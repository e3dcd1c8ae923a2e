namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>A request that cannot be carried out; Studio shows the message.</summary>
/// <param name="field">Member of the request the message is about.</param>
internal sealed class BadInstanceRequestException(string field, string message) : Exception(message)
{
    public string Field { get; } = field;
}
