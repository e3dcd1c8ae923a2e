using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

/// <summary>Real nodes, killed by SIGKILL at chosen moments of the publish of a replay.</summary>
public sealed class When_a_node_is_killed_while_replaying(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Theory]
    [InlineData("first", "insert on lake.snapshot", "true", 0)]
    [InlineData("last", "insert on quality.replay", "true", 0)]
    [InlineData("done", "update on orchestration.task_attempt", "new.state = 'success'", 2)]
    public async Task Good_rows_are_let_in_once_and_the_quarantine_shrinks_by_them_only(string entity, string moment, string condition, long releasedBefore)
    {
        await using var site = await ReplaySite.CreateAsync(postgres, entity);
        (await site.QuarantineAsync()).ShouldBe(["e.csv:3 no_user", "e.csv:4 kind", "e.csv:5 parse_type"]);

        var run = await site.KillAtAsync(moment, condition);

        // All of it is there, or nothing.
        (await site.ReleasedAsync()).ShouldBe(releasedBefore);
        (await site.GoodLinesAsync()).ShouldBe(releasedBefore == 0 ? [2, 6] : [2, 4, 5, 6]);
        (await site.QuarantineAsync()).Count.ShouldBe(releasedBefore == 0 ? 3 : 1);

        await using var next = site.StartNode();
        await site.WaitForSuccessAsync(run);
        await HoldsAsync();
        (await site.CausesAsync(run)).ShouldBe(["worker_lost", "success"]);
        (await site.AccountAsync(run)).ShouldBe((3, 2, 1, 1, "file,line,reasons\ne.csv,4,kind\ne.csv,5,parse_type\n"), "what the killed try had committed is the run's");

        await site.WaitForSuccessAsync(await site.CreateRunAsync());
        await HoldsAsync();

        async Task HoldsAsync()
        {
            (await site.QuarantineAsync()).ShouldBe(["e.csv:3 no_user"]);
            (await site.GoodLinesAsync()).ShouldBe([2, 4, 5, 6]);
            (await site.ReleasedAsync()).ShouldBe(2);
        }
    }
}
