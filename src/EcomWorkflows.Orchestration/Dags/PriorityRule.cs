namespace EcomWorkflows.Orchestration.Dags;

/// <summary>What a task's place in the queue counts besides its own weight.</summary>
public enum PriorityRule
{
    /// <summary>Its own weight only.</summary>
    Own,

    /// <summary>Also the weights of everything that depends on it: what holds up most goes first.</summary>
    Downstream,

    /// <summary>Also the weights of everything it depends on: runs that have begun are brought to their end first.</summary>
    Upstream,
}
