namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What a backfill does about one date.</summary>
public enum BackfillAction
{
    /// <summary>Makes a run.</summary>
    Create,

    /// <summary>Clears the run there is and runs it again with the backfill's parameters.</summary>
    Reprocess,

    /// <summary>Nothing; the reason says why.</summary>
    Skip,
}
