namespace EcomWorkflows.Pipeline.Scoring.Streaming;

/// <summary>What <c>Ecom.ScoreChanged</c> published to <c>gold.stream_prediction</c>.</summary>
/// <param name="Scored">Entities whose features or champion had changed since they were scored last.</param>
/// <param name="AtRisk">Of them, at or above the threshold.</param>
/// <param name="Expired">Entities that had changed but whose features are missing or older than their TTL; they are not scored.</param>
public sealed record ScoreChangedOutputs(
    string Model, int ModelVersion, DateTimeOffset IntervalStart, DateTimeOffset IntervalEnd, long Scored, long AtRisk, long Expired, string Table);
