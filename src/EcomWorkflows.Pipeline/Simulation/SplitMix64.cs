namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>
/// Steele, Lea and Flood's SplitMix64. A stream is named by what it decides (seed, purpose, entity, day), so each decision is the same
/// whatever was drawn elsewhere: the reason why a longer history starts with the shorter one.
/// </summary>
internal struct SplitMix64
{
    private ulong state;

    public SplitMix64(ulong seed, RandomStream purpose, long entity, int day = 0)
    {
        state = Mix(seed + (0x9E3779B97F4A7C15 * ((ulong)purpose + 1)));
        state = Mix(state ^ ((ulong)entity * 0xD1B54A32D192ED03));
        state ^= Mix((ulong)day + 0x8CB92BA72F3D8DD7);
    }

    public ulong Next()
    {
        state += 0x9E3779B97F4A7C15;
        return Mix(state);
    }

    /// <summary>Uniform in [0, 1).</summary>
    public double Uniform() => (Next() >> 11) * (1.0 / (1UL << 53));

    /// <summary>Uniform in [0, <paramref name="exclusiveMaximum"/>).</summary>
    public int Below(int exclusiveMaximum) => (int)Math.BigMul(Next(), (ulong)exclusiveMaximum, out _);

    public bool Chance(double probability) => Uniform() < probability;

    /// <summary>Standard normal (Box and Muller).</summary>
    public double Normal() => Math.Sqrt(-2 * Math.Log(1 - Uniform())) * Math.Cos(2 * Math.PI * Uniform());

    /// <summary>Failures before the first success: mean (1 - p) / p.</summary>
    public int Geometric(double success) => (int)(Math.Log(1 - Uniform()) / Math.Log(1 - success));

    /// <summary>An index drawn by weight.</summary>
    /// <param name="cumulative">Running sums, the last one the total.</param>
    public int Pick(ReadOnlySpan<double> cumulative)
    {
        var u = Uniform() * cumulative[^1];
        var index = 0;
        while (index < cumulative.Length - 1 && u >= cumulative[index])
            index++;
        return index;
    }

    private static ulong Mix(ulong z)
    {
        z = (z ^ (z >> 30)) * 0xBF58476D1CE4E5B9;
        z = (z ^ (z >> 27)) * 0x94D049BB133111EB;
        return z ^ (z >> 31);
    }
}
