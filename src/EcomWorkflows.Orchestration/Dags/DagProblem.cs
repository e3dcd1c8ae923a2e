namespace EcomWorkflows.Orchestration.Dags;

/// <summary>One reason why a DAG cannot be used.</summary>
/// <param name="Place">Where, in the words of the author: <c>task 'train'.retries</c>, <c>root.schedule</c>.</param>
/// <param name="Message">What is wrong, what was allowed, what to do.</param>
public sealed record DagProblem(string Place, string Message);
