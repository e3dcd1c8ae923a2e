using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Scoring.Purchase;

/// <summary>Lake tables a purchase scoring reads.</summary>
/// <param name="Latest">Pairs of the newest day.</param>
internal sealed record PurchaseSnapshots(LakeSnapshot Events, LakeSnapshot TrainingSet, LakeSnapshot Latest);
