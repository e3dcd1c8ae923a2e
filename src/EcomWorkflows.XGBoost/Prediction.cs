namespace EcomWorkflows.XGBoost;

/// <summary>A copied result: numbers row after row, and their shape, whose first dimension is the rows.</summary>
public sealed record Prediction(float[] Values, IReadOnlyList<int> Shape)
{
    public int Rows => Shape[0];

    /// <summary>Numbers per row.</summary>
    public int Width => Rows == 0 ? 0 : Values.Length / Rows;

    public ReadOnlySpan<float> Row(int row) => Values.AsSpan(row * Width, Width);
}
