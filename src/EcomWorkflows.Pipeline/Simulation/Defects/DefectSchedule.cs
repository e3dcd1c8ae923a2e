namespace EcomWorkflows.Pipeline.Simulation.Defects;

/// <summary>Says which defects follow which good row: of each kind exactly one per block of <see cref="DefectKind.OneIn"/> rows, at a place drawn by seed.</summary>
/// <remarks>The place depends on the block's number only, so a longer history starts with the shorter one's defects.</remarks>
internal sealed class DefectSchedule
{
    private readonly ulong seed;
    private readonly IReadOnlyList<DefectKind> kinds;
    private readonly long[] due;
    private readonly int entityNumber;
    private long nearest;
    private long row = -1;

    public DefectSchedule(ulong seed, int entityNumber, IReadOnlyList<DefectKind> kinds)
    {
        this.seed = seed;
        this.kinds = kinds;
        this.entityNumber = entityNumber;
        due = new long[kinds.Count];
        for (var kind = 0; kind < due.Length; kind++)
            due[kind] = Place(kind, 0);
        nearest = due.Length == 0 ? long.MaxValue : due.Min();
    }

    /// <summary>Counts one good row; true when at least one defect is to follow it.</summary>
    public bool Advance() => ++row >= nearest;

    /// <summary>The defects to plant after the row just counted, each with its own random stream.</summary>
    public IEnumerable<(DefectKind Kind, SplitMix64 Random)> Take()
    {
        for (var kind = 0; kind < due.Length; kind++)
        {
            if (due[kind] != row)
                continue;
            due[kind] = Place(kind, (row / kinds[kind].OneIn) + 1);
            yield return (kinds[kind], new SplitMix64(seed, RandomStream.DefectValue, row, (entityNumber * 1_000) + kind));
        }
        nearest = due.Min();
    }

    private long Place(int kind, long block) =>
        (block * kinds[kind].OneIn) + new SplitMix64(seed, RandomStream.DefectPlace, block, (entityNumber * 1_000) + kind).Below(kinds[kind].OneIn);
}
