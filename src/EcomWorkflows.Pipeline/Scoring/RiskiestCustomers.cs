using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;

namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Keeps the feature rows of the customers with the highest risk while all pass by, and explains them at the end.</summary>
internal sealed class RiskiestCustomers(IReadOnlyList<string> features, int capacity)
{
    private const int DriversPerCustomer = 3;

    private readonly PriorityQueue<(int Customer, float[] Row), (float Probability, int Order)> _queue = new();

    internal void Offer(int customer, float probability, ReadOnlySpan<float> row)
    {
        if (capacity <= 0)
            return;
        // Among equals the earlier customer stays: its order is the greater, and the queue gives up the least first.
        var priority = (probability, -customer);
        if (_queue.Count < capacity)
        {
            _queue.Enqueue((customer, row.ToArray()), priority);
        }
        else if (_queue.TryPeek(out var least, out var lowest) && priority.CompareTo(lowest) > 0)
        {
            row.CopyTo(least.Row);
            _queue.DequeueEnqueue((customer, least.Row), priority);
        }
    }

    /// <summary>The features that raise each kept customer's risk most.</summary>
    internal IReadOnlyDictionary<int, IReadOnlyList<CustomerDriver>> Explain(FittedModel model)
    {
        (int Customer, float[] Row)[] kept = [.. _queue.UnorderedItems.Select(item => item.Element).OrderBy(item => item.Customer)];
        float[] values = new float[kept.Length * features.Count];
        for (int i = 0; i < kept.Length; i++)
            kept[i].Row.CopyTo(values.AsSpan(i * features.Count));
        float[] contributions = model.Contributions(new FeatureTable(features, values, kept.Length));

        var drivers = new Dictionary<int, IReadOnlyList<CustomerDriver>>(kept.Length);
        for (int i = 0; i < kept.Length; i++)
            drivers[kept[i].Customer] = Strongest(kept[i].Row, contributions.AsSpan(i * (features.Count + 1), features.Count));
        return drivers;
    }

    private IReadOnlyList<CustomerDriver> Strongest(float[] row, ReadOnlySpan<float> contributions)
    {
        var raising = new List<CustomerDriver>();
        for (int column = 0; column < contributions.Length; column++)
        {
            if (contributions[column] > 0)
                raising.Add(new CustomerDriver(features[column], float.IsNaN(row[column]) ? null : row[column], contributions[column]));
        }

        return [.. raising.OrderByDescending(driver => driver.Contribution).Take(DriversPerCustomer)];
    }
}
