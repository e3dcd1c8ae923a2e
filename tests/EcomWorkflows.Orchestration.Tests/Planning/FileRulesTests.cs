using EcomWorkflows.Orchestration.Planning;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

public class FileRulesTests
{
    private static readonly DagSource Equal = new() { DagId = "d", CurrentVersion = 3, SourceFile = "d.json", CurrentHash = "m1", SourceHash = "m1", SourceText = "t1" };

    private static readonly DagSource Edited = Equal with { CurrentHash = "m2" };

    [Fact]
    public void A_new_dag_is_imported() => FileRules.Decide(null, "m1", "t1").ShouldBe(FileDecision.Import);

    [Fact]
    public void A_file_that_did_not_change_leaves_everything_as_it_is()
    {
        FileRules.Decide(Equal, "m1", "t1").ShouldBe(FileDecision.Unchanged);
        FileRules.Decide(Edited, "m1", "t1").ShouldBe(FileDecision.Unchanged);
        FileRules.Decide(Equal with { IsDeleted = true }, "m1", "t1").ShouldBe(FileDecision.Unchanged);
    }

    [Fact]
    public void A_changed_file_wins_where_nobody_edited_the_dag()
    {
        FileRules.Decide(Equal, "m2", "t2").ShouldBe(FileDecision.Import);
        FileRules.Decide(Equal with { SourceText = null }, "m2", "t2").ShouldBe(FileDecision.Import, "imported before texts were kept");
    }

    public static TheoryData<DagSource> Edits =>
    [
        Edited,
        Equal with { HasOtherDraft = true },
        Equal with { IsRetracted = true },
        Equal with { IsDeleted = true },
        Equal with { SourceFile = null, SourceHash = null, SourceText = null },
    ];

    [Theory]
    [MemberData(nameof(Edits))]
    public void A_changed_file_never_wins_over_an_edit_by_itself(DagSource edited) => FileRules.Decide(edited, "m9", "t9").ShouldBe(FileDecision.Conflict);

    [Fact]
    public void A_file_that_says_what_the_edit_says_agrees_with_it() => FileRules.Decide(Edited, "m2", "t2").ShouldBe(FileDecision.Agree);

    [Fact]
    public void A_file_that_was_only_written_differently_leaves_the_edit() => FileRules.Decide(Edited, "m1", "t2").ShouldBe(FileDecision.Rewritten);

    [Fact]
    public void A_file_does_not_bring_a_deleted_dag_back_by_agreeing_with_it() => FileRules.Decide(Edited with { IsDeleted = true }, "m2", "t2").ShouldBe(FileDecision.Conflict);
}
