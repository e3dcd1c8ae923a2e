using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;

namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Keeps the feature rows with the highest probability while all pass by, and explains them at the end.</summary>
internal sealed class LikeliestRows(IReadOnlyList<string> features, int capacity)
{
    private const int DriversPerRow = 3;

    private readonly PriorityQueue<(int Number, float[] Values), (float Probability, int Order)> _queue = new();

    /// <exception cref="TaskFailedException">Reasons are asked for more rows than can be explained in reasonable time.</exception>
    internal static void RequireCapacity(int explainTop)
    {
        if (explainTop is < 0 or > 100_000)
            throw new TaskFailedException($"explainTop is {explainTop}; allowed: 0 to 100000.", retryable: false);
    }

    /// <returns>Number of a row that certainly gets no reasons: this one or an earlier one. Null while there is room for all.</returns>
    internal int? Offer(int number, float probability, ReadOnlySpan<float> row)
    {
        if (capacity <= 0)
            return number;
        // Among equals the earlier row stays: its order is the greater, and the queue gives up the least first.
        var priority = (probability, -number);
        if (_queue.Count < capacity)
        {
            _queue.Enqueue((number, row.ToArray()), priority);
            return null;
        }

        if (!_queue.TryPeek(out var least, out var lowest) || priority.CompareTo(lowest) <= 0)
            return number;
        row.CopyTo(least.Values);
        _queue.DequeueEnqueue((number, least.Values), priority);
        return least.Number;
    }

    /// <summary>The features that raise the probability of each kept row most, by row number.</summary>
    internal IReadOnlyDictionary<int, IReadOnlyList<PredictionDriver>> Explain(FittedModel model)
    {
        (int Number, float[] Values)[] kept = [.. _queue.UnorderedItems.Select(item => item.Element).OrderBy(item => item.Number)];
        float[] values = new float[kept.Length * features.Count];
        for (int i = 0; i < kept.Length; i++)
            kept[i].Values.CopyTo(values.AsSpan(i * features.Count));
        float[] contributions = model.Contributions(new FeatureTable(features, values, kept.Length));

        var drivers = new Dictionary<int, IReadOnlyList<PredictionDriver>>(kept.Length);
        for (int i = 0; i < kept.Length; i++)
            drivers[kept[i].Number] = Strongest(kept[i].Values, contributions.AsSpan(i * (features.Count + 1), features.Count));
        return drivers;
    }

    private IReadOnlyList<PredictionDriver> Strongest(float[] row, ReadOnlySpan<float> contributions)
    {
        var raising = new List<PredictionDriver>();
        for (int column = 0; column < contributions.Length; column++)
        {
            if (contributions[column] > 0)
                raising.Add(new PredictionDriver(features[column], float.IsNaN(row[column]) ? null : row[column], contributions[column]));
        }

        return [.. raising.OrderByDescending(driver => driver.Contribution).Take(DriversPerRow)];
    }
}
