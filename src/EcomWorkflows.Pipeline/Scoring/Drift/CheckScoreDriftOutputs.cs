namespace EcomWorkflows.Pipeline.Scoring.Drift;

/// <summary>Outputs of <c>Ecom.CheckScoreDrift</c>.</summary>
/// <param name="TrainingPsi">Against the model's own test customers; null where the training set is no longer in the lake.</param>
/// <param name="PreviousPsi">Against the scoring before; null where there is none.</param>
/// <param name="Drifted">The references from which the scores have drifted.</param>
public sealed record CheckScoreDriftOutputs(
    string Source, DateTimeOffset AsOf, string Model, int ModelVersion, double? TrainingPsi, double? PreviousPsi, IReadOnlyList<string> Drifted)
{
    /// <summary><c>drifted</c> or <c>steady</c>: what a branch chooses by. Where there was nothing to compare with, <c>steady</c>.</summary>
    public string Outcome => Drifted.Count > 0 ? "drifted" : "steady";
}
