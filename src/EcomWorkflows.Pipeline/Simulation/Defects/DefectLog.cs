namespace EcomWorkflows.Pipeline.Simulation.Defects;

/// <summary>Plants the defects of one entity behind its good rows and remembers each.</summary>
internal sealed class DefectLog(string entity, DefectSchedule schedule, List<PlantedDefect> planted)
{
    /// <summary>The defects that are to follow the good row just written.</summary>
    public IEnumerable<(DefectKind Kind, SplitMix64 Random)> Next() => schedule.Advance() ? schedule.Take() : [];

    public void Add(DefectKind kind, FaultyRow row, string file, long line) =>
        planted.Add(new PlantedDefect(entity, kind.Name, kind.Rule, kind.AlsoBreaks, file, line, row.Column, row.Value));
}
