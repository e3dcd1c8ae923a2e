namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Order of a search's runs.</summary>
public enum RunOrder
{
    NewestFirst,
    OldestFirst,
    ByName,
    ByNameDescending,
}
