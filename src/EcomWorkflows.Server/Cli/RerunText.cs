using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary>Says what a clear or mark does, or would do.</summary>
internal static class RerunText
{
    public static void Write(RerunReport report, string change)
    {
        if (report.Runs.Count == 0)
        {
            Console.WriteLine("Nothing of what is selected would change.");
            return;
        }
        CommandOutput.WriteTable(["run", "name", "task", "index", "state", report.IsDryRun ? "would be" : "is"], report.Runs.SelectMany(r => Rows(r, change)));
        if (report.Published.Count > 0)
        {
            Console.WriteLine("Published by them, and replaced when they run again:");
            foreach (var data in report.Published.GroupBy(p => (p.Kind, p.Name)))
                Console.WriteLine($"  {data.Key.Kind} {data.Key.Name}{(data.Last().Rows is { } rows ? $" ({rows:#,0} rows)" : "")}");
        }
        if (report.Triggered.Count > 0)
        {
            Console.WriteLine("DAGs that run when they have written:");
            foreach (var waiting in report.Triggered)
                Console.WriteLine($"  {waiting.DagId}, on asset {waiting.Asset} of {waiting.TaskId}");
        }
    }

    private static IEnumerable<object?[]> Rows(ClearPreview run, string change)
    {
        foreach (var instance in run.Instances)
            yield return [run.RunId, run.RunKey, instance.TaskId, instance.MapIndex < 0 ? null : instance.MapIndex, instance.State, change];
        foreach (var task in run.Rederived)
            yield return [run.RunId, run.RunKey, task, null, null, "decided anew"];
        foreach (var task in run.Added)
            yield return [run.RunId, run.RunKey, task, null, null, $"added by version {run.DagVersion}"];
        foreach (var task in run.Dropped)
            yield return [run.RunId, run.RunKey, task, null, null, $"removed by version {run.DagVersion}"];
    }
}
