using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Dags;

public class DifferenceTests
{
    private static readonly Dag Before = new(
        "d", "D", null, new DagSettings { Schedule = ["0 3 * * *"] }, [new DagParam("source", "string", null, "shop")],
        [new DagTask("load", "T", "Load", [], new TaskSettings()), new DagTask("train", "T", "Train", new JsonObject { ["rows"] = 5 }, new TaskSettings())],
        [new DagEdge("load", "train")]);

    [Fact]
    public void Differences_of_meaning_are_said_in_words()
    {
        var after = Before with
        {
            Settings = Before.Settings with { Schedule = ["@daily"], MaxActiveRuns = 1 },
            Params = [],
            Tasks = [Before.Tasks[1] with { Inputs = new JsonObject { ["rows"] = 7 }, Settings = new TaskSettings { Retries = 2 } }, new DagTask("score", "T", "Score", [], new TaskSettings())],
            Edges = [new DagEdge("train", "score", "Good")],
        };

        DagDifference.Lines(Before, after).ShouldBe(
        [
            "settings.maxActiveRuns: 16 → 1",
            "settings.schedule: [\"0 3 * * *\"] → [\"@daily\"]",
            "param source: removed",
            "task load: removed",
            "task score: added",
            "task train.inputs.rows: 5 → 7",
            "task train.settings.retries: 0 → 2",
            "edge load → train: removed",
            "edge train → score (Good): added",
        ]);
        DagDifference.Lines(Before, Before with { Tasks = [.. Before.Tasks.Reverse()] }).ShouldBeEmpty();
    }

    [Fact]
    public void Texts_are_compared_as_diff_does()
    {
        var before = string.Join('\n', Enumerable.Range(1, 20).Select(i => $"line {i}"));
        var after = before.Replace("line 3\n", "line three\n").Replace("line 18\n", "");

        TextDifference.Unified(before, after, "a", "b").ShouldBe(
            """
            --- a
            +++ b
            @@ -1,6 +1,6 @@
             line 1
             line 2
            -line 3
            +line three
             line 4
             line 5
             line 6
            @@ -15,6 +15,5 @@
             line 15
             line 16
             line 17
            -line 18
             line 19
             line 20

            """);
        TextDifference.Unified(before, before, "a", "b").ShouldBeEmpty();
        TextDifference.Unified("", "x\n", "a", "b").ShouldBe("--- a\n+++ b\n@@ -1,0 +1,1 @@\n+x\n");
    }

    [Fact]
    public void A_difference_says_how_to_make_the_second_text_of_the_first() =>
        Prop.ForAll(Text.ToArbitrary(), Text.ToArbitrary(), (left, right) =>
        {
            var hunks = TextDifference.Unified(string.Concat(left.Select(l => l + "\n")), string.Concat(right.Select(l => l + "\n")), "a", "b").Split('\n').Skip(2).Where(l => l.Length > 0);
            var (result, next) = (new List<string>(), 0);
            foreach (var line in hunks)
            {
                if (line[0] == '@')
                {
                    var start = int.Parse(line[4..line.IndexOf(',')]) - 1;
                    result.AddRange(left.Take(start).Skip(next));
                    next = start;
                    continue;
                }
                if (line[0] != '+')
                    Assert.Equal(line[1..], left[next++]);
                if (line[0] != '-')
                    result.Add(line[1..]);
            }
            Assert.Equal(right, [.. result, .. left.Skip(next)]);
        }).QuickCheckThrowOnFailure();

    private static Gen<List<string>> Text => Gen.ListOf(Gen.Elements("a", "b", "c", "d")).Select(lines => lines.ToList());
}
