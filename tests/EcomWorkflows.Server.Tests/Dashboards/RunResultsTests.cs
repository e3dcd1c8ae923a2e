using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;
using EcomWorkflows.Server.Dashboards.Models;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Dashboards;

public class RunResultsTests
{
    [Fact]
    public void Instances_of_a_mapped_task_are_told_apart_by_their_index() =>
        Find(Instance("m", """{"snapshotId":1,"rows":2}""", 0), Instance("m", """{"snapshotId":2,"rows":3}""", 1)).ShouldBe(
            [("Tables and features", "m [0]", "rows 2"), ("Tables and features", "m [1]", "rows 3")]);

    [Fact]
    public void What_is_no_table_is_another_output_and_stands_last() =>
        Find(Instance("shell", """{"exitCode":0,"lastLine":"done"}"""), Instance("set", """{"snapshotId":1,"trainRows":2}"""), Instance("ingest", """{"rawFiles":[],"rowsRead":1}""")).ShouldBe(
            [("Tables and features", "set", "train rows 2"), ("Raw data", "ingest", "rows read 1"), ("Other outputs", "shell", "exit code 0")]);

    [Fact]
    public void A_task_without_outputs_has_no_result() => Find(Instance("empty", "{}")).ShouldBeEmpty();

    private static TaskInstanceInfo Instance(string task, string outputs, int mapIndex = -1) => new() { TaskId = task, MapIndex = mapIndex, State = "success", Outputs = outputs };

    private static IEnumerable<(string Kind, string Title, string Detail)> Find(params TaskInstanceInfo[] instances)
    {
        var tasks = instances.Select(i => i.TaskId).Distinct().Select(id => new DagTask(id, "Core.Shell", id, new JsonObject(), new TaskSettings()));
        var view = new RunView(new RunInfo { DagId = "d", RunKey = "r" }, new RunGraph(new Dag("d", "d", null, new DagSettings(), [], [.. tasks], [])), instances);
        return RunResults.Find(view).Select(r => (r.Kind, r.Title, r.Detail));
    }
}
