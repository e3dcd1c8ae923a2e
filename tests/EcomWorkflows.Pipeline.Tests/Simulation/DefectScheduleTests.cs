using EcomWorkflows.Pipeline.Simulation.Defects;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Simulation;

public sealed class DefectScheduleTests
{
    [Fact]
    public void Each_block_of_rows_gets_exactly_one_defect_of_a_kind()
    {
        Prop.ForAll(
            ArbMap.Default.ArbFor<ulong>(),
            Gen.Choose(1, 40).ToArbitrary(),
            (seed, oneIn) =>
            {
                var kind = DefectKind.ExactDuplicate(oneIn);
                var schedule = new DefectSchedule(seed, 1, [kind, DefectKind.Missing("another", "another", 7, "column")]);
                var rows = Enumerable.Range(0, oneIn * 10).Where(_ => schedule.Advance() && schedule.Take().ToList().Exists(due => due.Kind == kind)).ToList();
                rows.Select(row => row / oneIn).ShouldBe(Enumerable.Range(0, 10));
            }).QuickCheckThrowOnFailure();
    }

    [Fact]
    public void Without_kinds_nothing_is_due()
    {
        var schedule = new DefectSchedule(1, 1, []);

        Enumerable.Range(0, 100).Any(_ => schedule.Advance()).ShouldBeFalse();
    }
}
