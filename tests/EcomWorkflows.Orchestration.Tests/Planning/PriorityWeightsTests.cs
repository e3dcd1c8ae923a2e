using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tests.Execution;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

public sealed class PriorityWeightsTests
{
    [Theory]
    [InlineData(PriorityRule.Own, 1, 1, 1, 1)]
    [InlineData(PriorityRule.Downstream, 4, 2, 2, 1)]
    [InlineData(PriorityRule.Upstream, 1, 2, 2, 4)]
    public void Weights_of_the_diamond_count_every_distinct_relative_once(PriorityRule rule, params int[] weights)
    {
        var graph = new RunGraph(DagFactory.Make("a>b,c; b>d; c>d", new TaskSettings { PriorityRule = rule }));

        new[] { "a", "b", "c", "d" }.Select(t => PriorityWeights.Of(graph, t)).ShouldBe(weights);
    }

    [Fact]
    public void Weights_do_not_overflow()
    {
        var graph = new RunGraph(DagFactory.Make("a>b; b>c", new TaskSettings { PriorityRule = PriorityRule.Downstream, PriorityWeight = int.MaxValue }));

        PriorityWeights.Of(graph, "a").ShouldBe(int.MaxValue);
    }
}
