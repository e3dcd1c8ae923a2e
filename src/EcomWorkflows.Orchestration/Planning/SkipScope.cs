namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What a short circuit skips.</summary>
public enum SkipScope
{
    /// <summary>Nothing: the run goes on.</summary>
    None,

    /// <summary>Its direct downstreams; the trigger rules decide about the rest.</summary>
    Direct,

    /// <summary>Everything below it.</summary>
    All,
}
