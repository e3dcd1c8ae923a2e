using System.Text.Json.Serialization;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api.Dags;

/// <summary>A DAG as Airflow's DAGResponse.</summary>
internal sealed record DagResponse(
    [property: JsonPropertyName("dag_id")] string DagId,
    [property: JsonPropertyName("dag_display_name")] string DagDisplayName,
    [property: JsonPropertyName("description")] string? Description,
    [property: JsonPropertyName("is_paused")] bool IsPaused,
    [property: JsonPropertyName("is_stale")] bool IsStale,
    [property: JsonPropertyName("last_parsed_time")] DateTimeOffset LastParsedTime,
    [property: JsonPropertyName("fileloc")] string? FileLocation,
    [property: JsonPropertyName("relative_fileloc")] string? RelativeFileLocation,
    [property: JsonPropertyName("timetable_summary")] string? TimetableSummary,
    [property: JsonPropertyName("timetable_description")] string TimetableDescription,
    [property: JsonPropertyName("tags")] IReadOnlyList<DagTag> Tags,
    [property: JsonPropertyName("owners")] IReadOnlyList<string> Owners,
    [property: JsonPropertyName("max_active_runs")] int MaxActiveRuns,
    [property: JsonPropertyName("max_active_tasks")] int? MaxActiveTasks,
    [property: JsonPropertyName("has_import_errors")] bool HasImportErrors,
    [property: JsonPropertyName("next_dagrun_run_after")] DateTimeOffset? NextDagRunRunAfter,
    [property: JsonPropertyName("latest_dag_version")] int LatestDagVersion,
    [property: JsonPropertyName("params")] IReadOnlyDictionary<string, DagParamResponse> Params)
{
    public static DagResponse From(DagInfo info, Dag dag, IReadOnlyList<ImportError> errors, DateTimeOffset now) => new(
        info.DagId,
        dag.Name,
        dag.Description,
        info.IsPaused,
        !info.IsActive,
        info.UpdatedAt,
        info.SourceFile,
        info.SourceFile is null ? null : Path.GetFileName(info.SourceFile),
        dag.Settings.Schedule.Count == 0 ? null : string.Join(" | ", dag.Settings.Schedule),
        ScheduleWords.Describe(dag.Settings),
        [.. dag.Settings.Tags.Select(tag => new DagTag(tag, info.DagId))],
        dag.Settings.Owner is { } owner ? [owner] : [],
        dag.Settings.MaxActiveRuns,
        dag.Settings.MaxActiveTasks,
        errors.Any(e => StoredSchedule.IsOf(e, info)) || StoredSchedule.Error(info, dag, errors) is not null,
        info.IsPaused || !info.IsActive ? null : DagSchedule.Read(dag.Settings, out _)?.NextAfter(now),
        info.CurrentVersion,
        dag.Params.ToDictionary(p => p.Name, p => new DagParamResponse(p.Default, p.Description, new DagParamSchema(p.Type, p.Allowed))));
}
