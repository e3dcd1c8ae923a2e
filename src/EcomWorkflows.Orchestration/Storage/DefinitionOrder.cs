namespace EcomWorkflows.Orchestration.Storage;

/// <summary>What a list of versions of DAGs is ordered by.</summary>
public enum DefinitionOrder
{
    Name,
    Version,
    Created,
}
