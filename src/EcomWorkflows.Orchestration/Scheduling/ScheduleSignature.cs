using System.Text.Json;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.Scheduling;

/// <summary>The settings that say when a DAG's runs are due, as one text: two schedules with the same signature are due at the same times.</summary>
internal static class ScheduleSignature
{
    public static string Of(DagSettings settings) => JsonSerializer.Serialize(
        new
        {
            Schedule = settings.Schedule.Select(s => s.Trim()).Order(StringComparer.Ordinal),
            settings.TimeZone,
            settings.ScheduleKind,
            settings.SkippedTime,
            settings.RepeatedTime,
            settings.Catchup,
            Start = settings.StartDate?.ToUniversalTime(),
            End = settings.EndDate?.ToUniversalTime(),
        },
        TaskJson.Options);
}
