using EcomWorkflows.Orchestration.Planning;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

/// <summary>Semantics, section 8, without a database.</summary>
public sealed class QueueRulesTests
{
    private static readonly Dictionary<string, int> Pools = new() { ["wide"] = 8, ["narrow"] = 2, ["closed"] = 0 };

    [Fact]
    public void No_choice_goes_beyond_a_pool_a_cap_or_the_nodes_capacity() => Check.QuickThrowOnFailure(Prop.ForAll(Situations(), s =>
    {
        var chosen = QueueRules.Choose(s.Queue, Pools, s.Running, s.Capacity).Chosen;

        chosen.Count.ShouldBeLessThanOrEqualTo(s.Capacity);
        foreach (var (pool, slots) in Pools)
        {
            var held = s.Running.Where(r => r.Pool == pool).Sum(r => r.PoolSlots);
            var taken = chosen.Where(c => c.Pool == pool).Sum(c => c.PoolSlots);
            (taken == 0 || held + taken <= slots).ShouldBeTrue();
        }
        foreach (var (c, before) in chosen.Select((c, i) => (c, chosen.Take(i + 1).ToList())))
        {
            Within(c.Caps.OfDag, Count(s, before, r => r.DagId == c.DagId, o => o.DagId == c.DagId));
            Within(c.Caps.OfRun, Count(s, before, r => r.RunId == c.RunId, o => o.RunId == c.RunId));
            Within(c.Caps.OfTask, Count(s, before, r => (r.DagId, r.TaskId) == (c.DagId, c.TaskId), o => (o.DagId, o.TaskId) == (c.DagId, c.TaskId)));
            Within(c.Caps.OfTaskInRun, Count(s, before, r => (r.RunId, r.TaskId) == (c.RunId, c.TaskId), o => (o.RunId, o.TaskId) == (c.RunId, c.TaskId)));
        }
    }));

    [Fact]
    public void Nothing_that_could_start_is_left_while_there_is_capacity() => Check.QuickThrowOnFailure(Prop.ForAll(Situations(), s =>
    {
        var choice = QueueRules.Choose(s.Queue, Pools, s.Running, s.Capacity);
        if (choice.Chosen.Count == s.Capacity)
            return;
        var use = new QueueUse(Pools, s.Running);
        foreach (var c in choice.Chosen)
            use.Take(new RunningInstance(c.RunId, c.DagId, c.TaskId, c.Pool, c.PoolSlots));
        var keeping = s.Queue.Where(c => c.PassedOver > QueueRules.PatienceOfWideTasks).Select(c => c.Pool).ToHashSet();
        foreach (var left in s.Queue.Except(choice.Chosen).Where(c => !keeping.Contains(c.Pool)))
            (left.PoolSlots <= use.Open(left.Pool) && use.PassesCaps(left)).ShouldBeFalse();
    }));

    [Fact]
    public void What_is_chosen_keeps_the_order_of_the_queue() => Check.QuickThrowOnFailure(Prop.ForAll(Situations(), s =>
    {
        var chosen = QueueRules.Choose(s.Queue, Pools, s.Running, s.Capacity).Chosen;
        chosen.ShouldBe(s.Queue.Where(chosen.Contains));
    }));

    [Fact]
    public void Only_an_instance_that_is_too_wide_while_a_later_one_of_its_pool_starts_is_passed_over() => Check.QuickThrowOnFailure(Prop.ForAll(Situations(), s =>
    {
        var choice = QueueRules.Choose(s.Queue, Pools, s.Running, s.Capacity);
        foreach (var passed in choice.PassedOver)
        {
            choice.Chosen.ShouldNotContain(passed);
            passed.PoolSlots.ShouldBeLessThanOrEqualTo(Pools[passed.Pool]);
            s.Queue.SkipWhile(c => c != passed).Intersect(choice.Chosen).ShouldContain(c => c.Pool == passed.Pool);
        }
    }));

    [Fact]
    public void A_wide_instance_starts_in_the_end_however_many_narrow_ones_come_and_go() => Check.QuickThrowOnFailure(Prop.ForAll(
        Gen.Choose(0, int.MaxValue).ToArbitrary(),
        seed =>
        {
            var random = new Random(seed);
            var wide = Candidate(1, "wide", slots: 8);
            var running = Enumerable.Range(0, 8).Select(_ => new RunningInstance(9, "other", "narrow", "wide", 1)).ToList();
            for (var step = 0; step < 200; step++)
            {
                running.RemoveAt(random.Next(running.Count));
                // One that was passed over too often comes first: that is the queue's order.
                var narrow = Enumerable.Range(2, 3).Select(id => Candidate(id, "wide", slots: 1));
                var choice = QueueRules.Choose([wide, .. narrow], Pools, running, capacity: 4);
                if (choice.Chosen.Contains(wide))
                    return;
                running.AddRange(choice.Chosen.Select(c => new RunningInstance(c.RunId, c.DagId, c.TaskId, c.Pool, c.PoolSlots)));
                if (choice.PassedOver.Contains(wide))
                    wide = wide with { PassedOver = wide.PassedOver + 1 };
            }
            throw new ShouldAssertException("the wide instance never started");
        }));

    [Fact]
    public void An_instance_wider_than_its_pool_or_of_no_pool_never_starts_and_holds_nobody_up()
    {
        QueueCandidate[] queue = [Candidate(1, "narrow", slots: 3) with { PassedOver = 1000 }, Candidate(2, "nowhere"), Candidate(3, "closed"), Candidate(4, "narrow")];

        var choice = QueueRules.Choose(queue, Pools, [], capacity: 10);

        choice.Chosen.Select(c => c.TaskInstanceId).ShouldBe([4]);
        choice.PassedOver.ShouldBeEmpty();
    }

    private static void Within(int? cap, int count)
    {
        if (cap is { } limit)
            count.ShouldBeLessThanOrEqualTo(limit);
    }

    /// <summary>Those that run and are chosen so far: two versions of a DAG may have different caps.</summary>
    private static int Count(Situation s, IReadOnlyList<QueueCandidate> chosen, Func<RunningInstance, bool> runs, Func<QueueCandidate, bool> starts) =>
        s.Running.Count(runs) + chosen.Count(starts);

    private static QueueCandidate Candidate(long id, string pool, int slots = 1) => new(id, 1, "dag", $"t{id}", pool, slots, 0, default);

    private static Arbitrary<Situation> Situations()
    {
        var pool = Gen.Elements("wide", "narrow", "closed", "nowhere");
        var cap = Gen.Elements<int?>(null, null, 1, 2, 5);
        var running = from run in Gen.Choose(1, 3)
                      from task in Gen.Choose(1, 3)
                      from of in pool
                      from slots in Gen.Choose(1, 3)
                      select new RunningInstance(run, $"d{run % 2}", $"t{task}", of, slots);
        var queued = from r in running
                     from passed in Gen.Elements(0, 0, 50, 51)
                     from dag in cap
                     from run in cap
                     from task in cap
                     from inRun in cap
                     select new QueueCandidate(0, r.RunId, r.DagId, r.TaskId, r.Pool, r.PoolSlots, passed, new QueueCaps(dag, run, task, inRun));
        return (from started in running.ListOf()
                from queue in queued.ListOf()
                from capacity in Gen.Choose(0, 6)
                let ordered = queue.OrderBy(c => c.PassedOver <= QueueRules.PatienceOfWideTasks).Select((c, i) => c with { TaskInstanceId = i }).ToList()
                select new Situation(ordered, [.. started], capacity)).ToArbitrary();
    }

    private sealed record Situation(List<QueueCandidate> Queue, List<RunningInstance> Running, int Capacity);
}
