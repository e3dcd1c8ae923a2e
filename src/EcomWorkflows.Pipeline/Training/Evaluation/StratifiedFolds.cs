namespace EcomWorkflows.Pipeline.Training.Evaluation;

/// <summary>Splits rows at random into parts with equal shares of positives.</summary>
public static class StratifiedFolds
{
    /// <summary>
    /// Rows about the same customer get the same part: otherwise a model is judged on customers it knows from another cutoff, and trees, which remember, look better than they are.
    /// </summary>
    /// <returns>For each row the number of its part, 0 to <paramref name="parts"/> − 1.</returns>
    public static int[] Assign(LabelledTable table, int parts, int seed)
    {
        if (table.Groups is not { } groups)
            return Assign(table.Labels, parts, seed);

        var firstRows = new Dictionary<long, int>();
        for (int row = 0; row < groups.Length; row++)
            firstRows.TryAdd(groups[row], row);
        int[] leaders = [.. firstRows.Values];
        int[] ofLeaders = Assign([.. leaders.Select(row => table.Labels[row])], parts, seed);
        Dictionary<long, int> partOf = leaders.Zip(ofLeaders).ToDictionary(pair => groups[pair.First], pair => pair.Second);
        return [.. groups.Select(group => partOf[group])];
    }

    /// <returns>For each row the number of its part, 0 to <paramref name="parts"/> − 1.</returns>
    public static int[] Assign(ReadOnlySpan<bool> labels, int parts, int seed)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(parts, 2);
        var random = new Random(seed);
        int[] assigned = new int[labels.Length];
        foreach (bool label in (bool[])[false, true])
        {
            var rows = new List<int>();
            for (int row = 0; row < labels.Length; row++)
            {
                if (labels[row] == label)
                    rows.Add(row);
            }

            int[] shuffled = [.. rows];
            random.Shuffle(shuffled);
            for (int i = 0; i < shuffled.Length; i++)
                assigned[shuffled[i]] = i % parts;
        }

        return assigned;
    }

    /// <summary>Row numbers inside and outside a part.</summary>
    public static (int[] Outside, int[] Inside) Split(int[] assigned, int part)
    {
        var outside = new List<int>(assigned.Length);
        var inside = new List<int>();
        for (int row = 0; row < assigned.Length; row++)
            (assigned[row] == part ? inside : outside).Add(row);
        return ([.. outside], [.. inside]);
    }
}
