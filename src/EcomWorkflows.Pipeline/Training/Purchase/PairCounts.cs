using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>Pairs of a training set, and how many of them were bought.</summary>
/// <param name="TestPurchases">Pairs bought in the test cutoff's outcome window, candidates or not.</param>
internal sealed record PairCounts(long TrainRows, long TrainBought, long TestRows, long TestBought, long TestPurchases)
{
    /// <summary>With fewer of either kind no figure says anything.</summary>
    internal const int LeastOfEachLabel = 10;

    /// <param name="trainingSet">Table expression.</param>
    internal static PairCounts Read(DuckDbConnection duckdb, string trainingSet, CancellationToken cancellationToken)
    {
        using DuckDbReader reader = duckdb.Query(
            $"""
            select
              count(*) filter (split = 'train'),
              count(*) filter (split = 'train' and bought = 1),
              count(*) filter (split = 'test'),
              count(*) filter (split = 'test' and bought = 1)
            from {trainingSet}
            """,
            null, cancellationToken);
        reader.Read();
        return new PairCounts(reader.Get<long>(0), reader.Get<long>(1), reader.Get<long>(2), reader.Get<long>(3), TestPurchases: 0);
    }

    /// <exception cref="TaskFailedException">There is no candidate, or too little of one label to learn from or to judge by.</exception>
    internal void Require(SourceMapping mapping, ChurnWindows windows)
    {
        Require(mapping, windows, "training", windows.TrainCutoffs.Count, TrainRows, TrainBought, windows.TrainCutoff);
        Require(mapping, windows, "test", 1, TestRows, TestBought, windows.TestCutoff);
    }

    private static void Require(SourceMapping mapping, ChurnWindows windows, string split, int cutoffs, long rows, long bought, DateTimeOffset cutoff)
    {
        PurchaseSettings purchase = mapping.Purchase;
        string where = cutoffs == 1
            ? $"the {split} cutoff {cutoff.UtcDateTime:yyyy-MM-dd}"
            : $"the {cutoffs} {split} cutoffs up to {cutoff.UtcDateTime:yyyy-MM-dd}";
        if (rows == 0)
        {
            throw Failure(
                $"No visitor of '{mapping.Source}' viewed, carted or bought an item in the {purchase.CandidateDays} days before {where}, so there is no pair to learn from. "
                + $"Bring more data, or raise purchase.candidateDays in {mapping.File}.");
        }

        if (bought < LeastOfEachLabel || rows - bought < LeastOfEachLabel)
        {
            throw Failure(
                $"Of {rows} pairs of visitor and item known before {where}, {bought} were bought in the {windows.OutcomeDays} days after it; at least {LeastOfEachLabel} bought and {LeastOfEachLabel} "
                + $"not bought are needed to learn from and to judge by. Bring more data, or change purchase.outcomeDays or purchase.candidateDays in {mapping.File}.");
        }
    }

    private static TaskFailedException Failure(string message) => new(message, FailureCause.BadData, retryable: false);
}
