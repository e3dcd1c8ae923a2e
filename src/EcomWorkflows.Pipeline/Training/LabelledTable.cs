namespace EcomWorkflows.Pipeline.Training;

/// <summary>Features with the outcome that followed them.</summary>
/// <param name="Labels">True where the customer churned; one per row.</param>
public sealed record LabelledTable(FeatureTable Features, bool[] Labels)
{
    public int Rows => Features.Rows;

    public int Positives => Labels.AsSpan().Count(true);

    public LabelledTable Take(ReadOnlySpan<int> rows)
    {
        bool[] labels = new bool[rows.Length];
        for (int i = 0; i < rows.Length; i++)
            labels[i] = Labels[rows[i]];
        return new LabelledTable(Features.Take(rows), labels);
    }
}
