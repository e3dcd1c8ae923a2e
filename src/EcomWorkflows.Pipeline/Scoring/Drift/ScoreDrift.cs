namespace EcomWorkflows.Pipeline.Scoring.Drift;

/// <summary>How the probabilities of a scoring are distributed against a reference: a row of <c>gold.score_drift</c>.</summary>
/// <param name="Reference"><c>training</c>: the model's own test customers. <c>previous</c>: the scoring before, whatever version made it.</param>
/// <param name="Rows">Customers looked at: all of the scoring, or a sample of a large one.</param>
/// <param name="ReferenceRows">Likewise of the reference.</param>
/// <param name="PsiThreshold">The larger of 0.1 and what chance gives at these sample sizes.</param>
/// <param name="Drifted">PSI is above its threshold. KS is shown beside it: in large data it fires on trifles.</param>
public sealed record ScoreDrift(
    string Source,
    DateTimeOffset AsOf,
    string Reference,
    string ModelName,
    int ModelVersion,
    DateTimeOffset ReferenceAsOf,
    int ReferenceVersion,
    long Rows,
    long ReferenceRows,
    double Mean,
    double ReferenceMean,
    double Psi,
    double PsiThreshold,
    double Ks,
    double KsThreshold,
    bool Drifted,
    long RunId,
    DateTimeOffset CheckedAt)
{
    internal const string Training = "training";

    internal const string Previous = "previous";
}
