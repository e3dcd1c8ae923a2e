using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Collects everything that is wrong with a document, so that its author sees all of it at once.</summary>
internal sealed class ProblemList
{
    private readonly List<DagProblem> problems = [];

    public IReadOnlyList<DagProblem> All => problems;

    public void Add(string place, string message) => problems.Add(new DagProblem(place, message));

    public void Add(IEnumerable<DagProblem> more) => problems.AddRange(more);
}
