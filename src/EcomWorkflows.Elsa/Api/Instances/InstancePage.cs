namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>A page of rows and how many there are in all.</summary>
internal sealed record InstancePage<TItem>(IReadOnlyList<TItem> Items, int TotalCount);
