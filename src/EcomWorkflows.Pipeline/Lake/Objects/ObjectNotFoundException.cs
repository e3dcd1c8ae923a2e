namespace EcomWorkflows.Pipeline.Lake.Objects;

/// <summary>There is no object with this key.</summary>
public sealed class ObjectNotFoundException(string location, string key)
    : ObjectStoreException($"{location}: there is no object '{key}'.", retryable: false)
{
    public string Key { get; } = key;
}
