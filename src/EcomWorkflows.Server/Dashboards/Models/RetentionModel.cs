using EcomWorkflows.Pipeline.Scoring.Outcomes;
using EcomWorkflows.Pipeline.Scoring.Retention;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>Retention lists, and the customers of one of them.</summary>
/// <param name="Shown">The list whose customers are shown; null where there is none yet.</param>
/// <param name="Targets">Its first customers by rank.</param>
/// <param name="Outcomes">What lists brought, where it is known.</param>
public sealed record RetentionModel(IReadOnlyList<RetentionList> Lists, RetentionList? Shown, IReadOnlyList<RetentionTarget> Targets, IReadOnlyList<RetentionOutcome> Outcomes)
{
    public RetentionOutcome? OutcomeOf(RetentionList list) => Outcomes.FirstOrDefault(outcome => outcome.Source == list.Source && outcome.AsOf == list.AsOf);
}
