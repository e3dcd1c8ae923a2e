using System.Buffers.Binary;
using System.Security.Cryptography;
using System.Text;

namespace EcomWorkflows.Pipeline.Scoring.Retention;

/// <summary>Who is worth contacting. Pure: the same candidates and settings give the same list, in whatever order the candidates come.</summary>
/// <param name="Targets">By rank, held-out ones among them.</param>
/// <param name="ExpectedProfit">Of those contacted.</param>
/// <param name="ExpectedCost">Of those contacted.</param>
public sealed record RetentionPlan(IReadOnlyList<RetentionTarget> Targets, double ExpectedProfit, double ExpectedCost)
{
    public int Contacted => Targets.Count - HeldOut;

    public int HeldOut => Targets.Count(target => target.IsHeldOut);

    /// <summary>
    /// Everyone with an expected profit above 0 by falling profit, until the budget is spent or the list is full. Each is drawn into the hold-out group by a hash of seed, source and customer: at
    /// random, and on every list alike, so nobody held out today is contacted tomorrow.
    /// </summary>
    public static RetentionPlan Make(string source, IEnumerable<RetentionCandidate> candidates, RetentionSettings settings)
    {
        var worth = candidates
            .Select(candidate => (Candidate: candidate, Profit: settings.Profit.Expected(candidate.ChurnProbability, candidate.Value)))
            .Where(one => one.Profit > 0)
            .OrderByDescending(one => one.Profit)
            .ThenBy(one => one.Candidate.CustomerId, StringComparer.Ordinal);
        var targets = new List<RetentionTarget>();
        (double profit, double cost) = (0, 0);
        foreach ((RetentionCandidate candidate, double expected) in worth)
        {
            if (targets.Count == settings.MostTargets)
                break;
            double own = settings.Profit.ExpectedCost(candidate.ChurnProbability);
            bool heldOut = Draw(source, candidate.CustomerId, settings.Seed) < settings.HoldoutShare;
            if (!heldOut)
            {
                if (cost + own > settings.Budget)
                    break;
                (profit, cost) = (profit + expected, cost + own);
            }

            targets.Add(new RetentionTarget(
                candidate.CustomerId, targets.Count + 1, heldOut, candidate.ChurnProbability, candidate.Value ?? settings.Profit.CustomerValue, expected, own, candidate.Reasons));
        }

        return new RetentionPlan(targets, profit, cost);
    }

    /// <summary>A number from 0 to below 1, evenly distributed over customers.</summary>
    private static double Draw(string source, string customer, int seed)
    {
        byte[] hash = SHA256.HashData(Encoding.UTF8.GetBytes($"{seed}\n{source}\n{customer}"));
        const int MantissaBits = 53;
        return (BinaryPrimitives.ReadUInt64LittleEndian(hash) >> (64 - MantissaBits)) / (double)(1L << MantissaBits);
    }
}
