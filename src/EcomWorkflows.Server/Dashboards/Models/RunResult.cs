namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>Something a run has made, to look at.</summary>
/// <param name="Kind">Heading it stands under: quality reports, dataset versions, …</param>
/// <param name="Address">Page or file to open; null where there is only the fact.</param>
public sealed record RunResult(string Kind, string Title, string Detail, string? Address);
