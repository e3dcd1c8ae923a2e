using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tests.Execution;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

/// <summary>Semantics, section 5, row "select".</summary>
public sealed class ClearSelectionTests
{
    private static readonly RunGraph Graph = new(DagFactory.Make("a>b,c; b>d; c>d; d>e"));

    private static readonly Dictionary<InstanceKey, InstanceFacts> Run = new()
    {
        [new("a")] = new(TaskState.Success, false),
        [new("b", 0)] = new(TaskState.Success, false),
        [new("b", 1)] = new(TaskState.Failed, false),
        [new("b", 2)] = new(TaskState.Removed, true),
        [new("c")] = new(TaskState.Success, false),
        [new("d")] = new(TaskState.UpstreamFailed, true),
        [new("e")] = new(TaskState.UpstreamFailed, true),
    };

    [Fact]
    public void By_default_everything_failed_or_upstream_failed() => Selected(new ClearSelection()).ShouldBe(["b[1]", "d", "e"]);

    [Fact]
    public void Named_tasks_whatever_their_state() => Selected(new ClearSelection(["c", "b"], OnlyFailed: false)).ShouldBe(["b[0]", "b[1]", "c"]);

    [Fact]
    public void Named_tasks_with_downstream() => Selected(new ClearSelection(["c"], OnlyFailed: false, Downstream: true)).ShouldBe(["c", "d", "e"]);

    [Fact]
    public void Named_tasks_with_upstream() => Selected(new ClearSelection(["b"], OnlyFailed: false, Upstream: true)).ShouldBe(["a", "b[0]", "b[1]"]);

    [Fact]
    public void Only_the_failed_of_what_is_named() => Selected(new ClearSelection(["b", "c"], Downstream: true)).ShouldBe(["b[1]", "d", "e"]);

    [Fact]
    public void One_instance_of_a_mapped_task_without_its_sisters() =>
        Selected(new ClearSelection(null, OnlyFailed: false) { Instances = [new("b", 0)] }).ShouldBe(["b[0]"]);

    [Fact]
    public void One_instance_of_a_mapped_task_with_downstream() =>
        Selected(new ClearSelection(null, OnlyFailed: false, Downstream: true) { Instances = [new("b", 0)] }).ShouldBe(["b[0]", "d", "e"]);

    [Fact]
    public void What_is_not_there_is_refused_with_what_is()
    {
        Should.Throw<ArgumentException>(() => Selected(new ClearSelection(["x"]))).Message.ShouldContain("no task 'x'; its tasks are: a, b, c, d, e");
        Should.Throw<ArgumentException>(() => Selected(new ClearSelection { Instances = [new("b", 2)] })).Message.ShouldContain("no instance 2 in this run; it has: 0, 1");
    }

    [Fact]
    public void In_a_run_of_another_version_only_what_that_version_has()
    {
        var other = new RunGraph(DagFactory.Make("a>c"));

        new ClearSelection(["a", "b"]).In(other)!.TaskIds.ShouldBe(["a"]);
        new ClearSelection(["b"]).In(other).ShouldBeNull();
        new ClearSelection().In(other).ShouldNotBeNull();
    }

    private static IEnumerable<string> Selected(ClearSelection selection) =>
        selection.Resolve(Graph, Run).Select(k => k.MapIndex < 0 ? k.TaskId : $"{k.TaskId}[{k.MapIndex}]");
}
