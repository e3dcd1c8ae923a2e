namespace EcomWorkflows.Pipeline.Training.Metrics;

/// <summary>Seeded Poisson(1) numbers, sixteen bits of randomness each.</summary>
internal sealed class PoissonDraws
{
    // Upper bounds of P(X ≤ k) · 65536 for k = 0, 1, 2, …
    private static readonly ushort[] UpperBounds = [24109, 48218, 60272, 64290, 65295, 65496, 65529, 65535];

    private readonly Random _random;
    private ulong _bits;
    private int _left;

    internal PoissonDraws(int seed) => _random = new Random(seed);

    /// <summary>Sum of <paramref name="count"/> draws.</summary>
    internal int Sum(int count)
    {
        // Poisson(n) is close to normal there, and one draw costs less than n.
        if (count > 30)
            return Math.Max(0, (int)Math.Round(count + (Math.Sqrt(count) * Normal())));

        int sum = 0;
        for (int i = 0; i < count; i++)
            sum += Next();
        return sum;
    }

    // Box and Muller, 1958.
    private double Normal() => Math.Sqrt(-2 * Math.Log(1 - _random.NextDouble())) * Math.Cos(2 * Math.PI * _random.NextDouble());

    private int Next()
    {
        if (_left == 0)
        {
            // NextInt64 leaves the top bit 0, so only three of four 16-bit parts are uniform.
            _bits = (ulong)_random.NextInt64();
            _left = 3;
        }

        ushort draw = (ushort)_bits;
        _bits >>= 16;
        _left--;
        int value = 0;
        while (value < UpperBounds.Length && draw >= UpperBounds[value])
            value++;
        return value;
    }
}
