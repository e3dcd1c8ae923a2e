using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tests.Execution;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

public sealed class PoolWarningsTests
{
    [Fact]
    public void A_task_wider_than_its_pool_and_one_of_no_pool_are_warned_of_with_the_way_out()
    {
        var dag = DagFactory.Make("fits; wide; lost", of: task => task switch
        {
            "wide" => new TaskSettings { Pool = "gpu", PoolSlots = 3 },
            "lost" => new TaskSettings { Pool = "gone" },
            _ => new TaskSettings { Pool = "gpu", PoolSlots = 2 },
        });

        var warnings = PoolWarnings.Of(dag, new Dictionary<string, int> { ["gpu"] = 2 }).ToList();

        warnings.Select(w => w.Kind).ShouldBe([PoolWarnings.TooWide, PoolWarnings.NoSuchPool]);
        warnings[0].Message.ShouldBe("task 'wide'.poolSlots: it takes 3 slots and pool 'gpu' has 2, so the task waits for ever. Make the pool larger, or the task narrower.");
        warnings[1].Message.ShouldContain("./ecom pools set gone SLOTS");
    }
}
