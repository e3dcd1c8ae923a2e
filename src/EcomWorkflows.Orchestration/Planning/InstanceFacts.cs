namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What planning knows of a task instance.</summary>
/// <param name="IsDerived">Whether a rule, not an attempt or a person, set the finished state; such a state is recomputed when an upstream changes.</param>
/// <param name="Routing">What it said about the way on; of interest only in state success.</param>
public readonly record struct InstanceFacts(TaskState State, bool IsDerived, Routing? Routing = null);
