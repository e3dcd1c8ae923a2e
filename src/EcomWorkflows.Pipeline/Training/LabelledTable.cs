namespace EcomWorkflows.Pipeline.Training;

/// <summary>Features with the outcome that followed them.</summary>
/// <param name="Labels">True where the outcome came true (the customer churned, the visitor bought); one per row.</param>
public sealed record LabelledTable(FeatureTable Features, bool[] Labels)
{
    /// <summary>Which rows are about the same customer, by number; null where each row is about another one.</summary>
    public long[]? Groups { get; init; }

    public int Rows => Features.Rows;

    public int Positives => Labels.AsSpan().Count(true);

    public LabelledTable Take(ReadOnlySpan<int> rows)
    {
        bool[] labels = new bool[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            labels[i] = Labels[rows[i]];
        long[]? groups = Groups is null ? null : new long[rows.Length];
        for (int i = 0; i < groups?.Length; i++)
            groups[i] = Groups![rows[i]];
        return new LabelledTable(Features.Take(rows), labels) { Groups = groups };
    }
}
