namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>All models, each with its versions, the newest first.</summary>
public sealed record ModelListModel(IReadOnlyList<IGrouping<string, ModelRow>> Names);
