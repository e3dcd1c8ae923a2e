using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Elsa.Api;

/// <summary>A definition cannot be saved or published; its author sees every problem.</summary>
public sealed class DefinitionRefusedException(IReadOnlyList<DagProblem> problems) : OrchestrationException(string.Join(" ", problems.Select(p => $"{p.Place}: {p.Message}")))
{
    public DefinitionRefusedException(string place, string message)
        : this([new DagProblem(place, message)])
    {
    }

    public IReadOnlyList<DagProblem> Problems { get; } = problems;
}
