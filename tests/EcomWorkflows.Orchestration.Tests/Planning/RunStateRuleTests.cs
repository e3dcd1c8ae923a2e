using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tests.Execution;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

/// <summary>Section 3 of the semantics, row by row: edges, settings, states, and the state of the run that follows.</summary>
public sealed class RunStateRuleTests
{
    [Theory]
    [InlineData("all leaves successful", "a>b", "a=success b=success", "success")]
    [InlineData("a skipped leaf is no failure", "a>b", "a=success b=skipped", "success")]
    [InlineData("a failed leaf", "a>b", "a=success b=failed", "failed")]
    [InlineData("a leaf without a try", "a>b", "a=skipped b=upstream_failed", "failed")]
    [InlineData("a removed leaf is no failure", "a>b", "a=success b=removed", "success")]
    [InlineData("something unfinished", "a>b", "a=success b=queued", "running")]
    [InlineData("a failure is not the end while something is unfinished", "a; b", "a=failed b=running", "running")]
    [InlineData("waiting for time counts as unfinished", "a", "a=up_for_retry", "running")]
    [InlineData("waiting for a person counts as unfinished", "a", "a=awaiting_input", "running")]
    [InlineData("deadlock", "a>b", "a=success b=none", "failed", false)]
    [InlineData("a failure in the middle fails the run", "a>b.all_done", "a=failed b=success", "failed")]
    [InlineData("unless that is switched off", "a>b.all_done", "a=failed b=success", "success", true, false)]
    [InlineData("or a declared handler below has succeeded", "a>b.all_done.handler", "a=failed b=success", "success")]
    [InlineData("also further below", "a>b; b>c.all_done.handler", "a=failed b=upstream_failed c=success", "success")]
    [InlineData("a handler that was skipped covers nothing", "a>b.one_failed.handler; a>c.all_done; b>c", "a=failed b=skipped c=success", "failed")]
    [InlineData("a handler beside it covers nothing", "a; b>c.all_done.handler", "a=failed b=success c=success", "failed")]
    [InlineData("a handler does not cover a leaf", "a>b.all_done.handler; a>c", "a=failed b=success c=upstream_failed", "failed")]
    [InlineData("a teardown is no leaf", "a>b.teardown", "a=success b=failed", "success")]
    [InlineData("what is above a teardown is one", "a>b.teardown", "a=failed b=success", "failed")]
    [InlineData("unless the teardown is told to count", "a>b.teardown.counts", "a=success b=failed", "failed")]
    [InlineData("a task told not to count", "a>b.ignored", "a=success b=failed", "success")]
    [InlineData("a task the DAG has no more", "a>b.all_done", "a=failed b=success gone=removed", "failed")]
    [InlineData("nothing but teardowns", "a.teardown", "a=failed", "failed")]
    public void A_run_has_the_state_that_follows_from_its_instances(
        string why, string edges, string states, string expected, bool canMoveOn = true, bool failIfAnyFailed = true)
    {
        var words = edges.Split([' ', ';', '>', ','], StringSplitOptions.RemoveEmptyEntries).Select(w => w.Split('.')).GroupBy(w => w[0]).ToDictionary(g => g.Key, g => g.SelectMany(w => w.Skip(1)).ToList());
        var plain = string.Join(";", edges.Split(';').Select(e => string.Join(">", e.Split('>').Select(t => t.Trim().Split('.')[0]))));
        var graph = new RunGraph(DagFactory.Make(plain, of: t => Settings(words[t]), dag: new DagSettings { FailIfAnyFailed = failIfAnyFailed }));
        var instances = states.Split(' ').Select(s => s.Split('=')).Select(s => (s[0], StateNames.Parse<TaskState>(s[1]))).ToList();

        RunStateRule.Decide(graph, instances, canMoveOn).ToWire().ShouldBe(expected, why);
    }

    private static TaskSettings Settings(List<string> words) => new()
    {
        TriggerRule = words.Select(w => StateNames.TryParse<TriggerRule>(w, out var rule) ? rule : TriggerRule.AllSuccess).FirstOrDefault(r => r != TriggerRule.AllSuccess),
        IsTeardown = words.Contains("teardown"),
        HandlesFailure = words.Contains("handler"),
        CountsForRun = words.Contains("counts") ? true : words.Contains("ignored") ? false : null,
    };
}
