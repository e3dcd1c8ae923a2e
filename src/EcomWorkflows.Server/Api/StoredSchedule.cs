using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api;

/// <summary>DAGs whose stored schedule this version of the program refuses: they stand among the import errors, and the other DAGs go on.</summary>
internal static class StoredSchedule
{
    /// <summary>The import error that a DAG's schedule is; null where it can be read, or the DAG's file stands among the errors already.</summary>
    public static ImportError? Error(DagInfo info, Dag dag, IReadOnlyList<ImportError> errors)
    {
        DagSchedule.Read(dag.Settings, out var problem);
        return problem is null || !info.IsActive || errors.Any(error => IsOf(error, info))
            ? null
            : new ImportError(info.SourceFile ?? info.DagId, [new DagProblem("root.schedule", $"{problem} Until it is corrected, DAG {info.DagId} is not run by its schedule.")], info.UpdatedAt);
    }

    /// <summary>Whether an import error is about the file of a DAG.</summary>
    public static bool IsOf(ImportError error, DagInfo info) => info.SourceFile is not null && Path.GetFileName(error.File) == Path.GetFileName(info.SourceFile);
}
