using EcomWorkflows.Pipeline.Scoring;
using FsCheck;
using FsCheck.Fluent;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Scoring;

public sealed class LikeliestRowsTests
{
    [Fact]
    public void Each_row_is_either_let_go_once_or_among_the_likeliest() =>
        Prop.ForAll(Gen.Choose(0, 7).ToArbitrary(), Gen.Choose(0, 20).ArrayOf().ToArbitrary(), (capacity, probabilities) =>
        {
            var likeliest = new LikeliestRows(["a"], capacity);
            var waiting = new HashSet<int>();
            var letGo = new List<int>();
            for (int row = 0; row < probabilities.Length; row++)
            {
                waiting.Add(row);
                if (likeliest.Offer(row, probabilities[row], [row]) is { } gone)
                {
                    letGo.Add(gone);
                    waiting.Remove(gone);
                }
            }

            int[] expected = [.. Enumerable.Range(0, probabilities.Length).OrderByDescending(row => probabilities[row]).ThenBy(row => row).Take(capacity).Order()];
            return (letGo.Distinct().Count() == letGo.Count && letGo.Count + waiting.Count == probabilities.Length && waiting.Order().SequenceEqual(expected))
                .Label($"let go {string.Join(' ', letGo)}; waiting {string.Join(' ', waiting)}; expected {string.Join(' ', expected)}");
        }).QuickCheckThrowOnFailure();
}
