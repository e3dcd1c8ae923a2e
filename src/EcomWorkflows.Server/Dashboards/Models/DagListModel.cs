using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Dashboards.Models;

public sealed record DagListModel(IReadOnlyList<DagRow> Dags, IReadOnlyList<ImportError> Errors, int NodesAlive, DateTimeOffset Now, string? Notice);
