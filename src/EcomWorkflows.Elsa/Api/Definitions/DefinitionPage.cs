namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary>A page of a list of definitions.</summary>
internal sealed record DefinitionPage(IReadOnlyList<DefinitionSummary> Items, int TotalCount, IReadOnlyList<Link> Links);
