namespace EcomWorkflows.Orchestration.Tests.Reference;

/// <summary>What the reference interpreter remembers of an instance; everything else it computes anew each time.</summary>
internal sealed class ReferenceInstance(string taskId, int index)
{
    public string TaskId => taskId;

    public int Index { get; set; } = index;

    /// <summary>queued, running, up_for_retry, or a state an attempt, a person or the mapping has set; null while the rules decide.</summary>
    public string? Fact { get; set; }

    /// <summary>Whether the fact follows from a list a task is mapped over; the next clear forgets it.</summary>
    public bool IsDerived { get; set; }

    public int UserTries { get; set; }

    public int InfraTries { get; set; }

    /// <summary>Ports a branch has chosen.</summary>
    public IReadOnlyList<string>? Ports { get; set; }

    /// <summary>Whether a short circuit skips its direct downstreams only; null where it skips nothing.</summary>
    public bool? CutsDirectOnly { get; set; }

    /// <summary>Length of the list the instance has put out.</summary>
    public int? ListLength { get; set; }

    public void Clear()
    {
        (Fact, IsDerived, UserTries, InfraTries) = (null, false, 0, 0);
        (Ports, CutsDirectOnly) = (null, null);
    }

    /// <summary>A person says how it ended; outputs of its last attempt, where it has any, stay.</summary>
    public void Mark(string state)
    {
        (Fact, IsDerived) = (state, false);
        (Ports, CutsDirectOnly) = (null, null);
    }

    public void Start() => (Fact, Ports, CutsDirectOnly, ListLength) = ("running", null, null, null);
}
