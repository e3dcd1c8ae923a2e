using System.Text;
using System.Text.Json;

namespace EcomWorkflows.Bench;

/// <summary>A DAG run as <c>ecom runs show --output json</c> tells it.</summary>
/// <param name="Seconds">From the trigger to the end.</param>
/// <param name="TaskSeconds">Of these, the seconds in which at least one task ran.</param>
/// <param name="BoostingSeconds">What the boosting learner took to fit, XGBoost and the copy of the rows into its matrix, and to predict the test rows.</param>
/// <param name="Tasks">Each task's seconds, in the order in which they began.</param>
internal sealed record PipelineRun(double Seconds, double TaskSeconds, double BoostingSeconds, IReadOnlyList<(string TaskId, double Seconds)> Tasks)
{
    /// <summary>Share of the time in which no task ran: what is left is the orchestrator's.</summary>
    public double OrchestratorShare => 1 - (TaskSeconds / Seconds);

    /// <param name="printed">The JSON, with whatever was printed after it.</param>
    public static PipelineRun Parse(string printed)
    {
        var reader = new Utf8JsonReader(Encoding.UTF8.GetBytes(printed));
        var root = JsonDocument.ParseValue(ref reader).RootElement;
        var run = root.GetProperty("run");
        var tasks = root.GetProperty("tasks").EnumerateArray().ToList();
        var ran = tasks
            .Where(task => task.GetProperty("started_at").ValueKind == JsonValueKind.String && task.GetProperty("ended_at").ValueKind == JsonValueKind.String)
            .Select(task => (From: task.GetProperty("started_at").GetDateTimeOffset(), To: task.GetProperty("ended_at").GetDateTimeOffset(), Id: task.GetProperty("task_id").GetString()!))
            .Order()
            .ToList();
        var train = JsonDocument.Parse(tasks.Single(task => task.GetProperty("task_id").GetString() == "train_churn").GetProperty("outputs").GetString()!).RootElement;
        var boosting = train.GetProperty("learners").EnumerateArray().Where(learner => learner.GetProperty("learner").GetString() == "gradient_boosting");
        return new PipelineRun(
            (run.GetProperty("ended_at").GetDateTimeOffset() - run.GetProperty("queued_at").GetDateTimeOffset()).TotalSeconds,
            Covered(ran.Select(task => (task.From, task.To))),
            boosting.Sum(learner => learner.GetProperty("fitSeconds").GetDouble() + learner.GetProperty("predictSeconds").GetDouble()),
            [.. ran.Select(task => (task.Id, (task.To - task.From).TotalSeconds))]);
    }

    private static double Covered(IEnumerable<(DateTimeOffset From, DateTimeOffset To)> spans)
    {
        var covered = TimeSpan.Zero;
        var until = DateTimeOffset.MinValue;
        foreach (var (from, to) in spans)
        {
            if (to <= until)
                continue;
            covered += to - (from > until ? from : until);
            until = to;
        }
        return covered.TotalSeconds;
    }
}
