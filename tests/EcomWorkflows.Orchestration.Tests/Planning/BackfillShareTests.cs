using EcomWorkflows.Orchestration.Planning;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

public sealed class BackfillShareTests
{
    [Theory]
    [InlineData(1, 128, 1)]
    [InlineData(3, 128, 3)]
    [InlineData(4, 128, 3)]
    [InlineData(8, 128, 6)]
    [InlineData(8, 4, 3)]
    [InlineData(8, 1, 1)]
    public void A_backfill_alone_gets_all_but_a_quarter_of_places_and_slots(int capacity, int slots, int started) =>
        Choose([.. Enumerable.Range(0, 20).Select(i => Candidate(i, isBackfill: true))], slots, [], capacity).Chosen.Count.ShouldBe(started);

    [Fact]
    public void Scheduled_tasks_behind_a_long_backfill_get_the_reserved_places()
    {
        var queue = Enumerable.Range(0, 20).Select(i => Candidate(i, isBackfill: true)).Append(Candidate(99, isBackfill: false)).ToList();
        var running = Enumerable.Range(0, 3).Select(i => new RunningInstance(1, "dag", $"r{i}", "pool", 1, IsBackfill: true, IsHere: true)).ToList();

        Choose(queue, 128, running, capacity: 1).Chosen.ShouldHaveSingleItem().TaskInstanceId.ShouldBe(99);
    }

    [Fact]
    public void A_task_wider_than_the_share_runs_when_no_other_of_a_backfill_does()
    {
        Choose([Candidate(1, isBackfill: true, slots: 4)], 4, [], capacity: 4).Chosen.Count.ShouldBe(1);
        Choose([Candidate(1, isBackfill: true, slots: 4)], 8, [new RunningInstance(1, "dag", "r", "pool", 3, IsBackfill: true)], capacity: 4).Chosen.ShouldBeEmpty();
    }

    [Fact]
    public void Without_a_backfill_nothing_is_reserved() =>
        Choose([.. Enumerable.Range(0, 20).Select(i => Candidate(i, isBackfill: false))], 128, [], 8).Chosen.Count.ShouldBe(8);

    private static QueueChoice Choose(IReadOnlyList<QueueCandidate> queue, int slots, IReadOnlyList<RunningInstance> running, int capacity) =>
        QueueRules.Choose(queue, new Dictionary<string, int> { ["pool"] = slots }, running, capacity);

    private static QueueCandidate Candidate(long id, bool isBackfill, int slots = 1) => new(id, id, "dag", $"t{id}", "pool", slots, 0, default, isBackfill);
}
