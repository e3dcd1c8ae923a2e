namespace EcomWorkflows.XGBoost.Trees;

/// <summary>All values a model compares one column with. Between two neighbours of them a value makes no difference, so a row is known by the number of its interval.</summary>
internal sealed class FeatureCuts
{
    /// <summary>The interval of missing values.</summary>
    internal const int Missing = 0;

    private readonly float[] _cuts;

    // Up to one less than a power of two, so that every search takes the same steps; nothing is at or above NaN.
    private readonly float[] _padded;

    internal FeatureCuts(IEnumerable<float> conditions)
    {
        _cuts = [.. conditions.Distinct().Order()];
        _padded = new float[(int)System.Numerics.BitOperations.RoundUpToPowerOf2((uint)_cuts.Length + 1) - 1];
        _padded.AsSpan().Fill(float.NaN);
        _cuts.CopyTo(_padded, 0);
    }

    /// <summary>Intervals, the one of missing values included.</summary>
    internal int Intervals => _cuts.Length + 2;

    /// <summary>The first interval whose values are not below the condition.</summary>
    internal int From(float condition) => Array.BinarySearch(_cuts, condition) + 2;

    /// <summary>The interval of each row's value.</summary>
    /// <param name="values">The column's value of the first row; the next one's is <paramref name="stride"/> numbers on.</param>
    internal unsafe void Find(float* values, int stride, int rows, ushort* intervals)
    {
        fixed (float* cuts = _padded)
        {
            int half = (_padded.Length + 1) / 2;
            for (int row = 0; row < rows; row++)
            {
                float value = values[(long)row * stride];
                int below = 0;
                // Without a branch: half of them would be foretold wrongly.
                for (int step = half; step > 0; step >>= 1)
                    below += Convert.ToInt32(cuts[below + step - 1] <= value) * step;
                intervals[row] = (ushort)(float.IsNaN(value) ? Missing : below + 1);
            }
        }
    }
}
