namespace EcomWorkflows.Pipeline.Scoring.Purchase.Reports;

/// <summary>A group of predictions.</summary>
/// <param name="Bought">Pairs that were bought; null while the outcome is not known.</param>
/// <param name="Predicted">Pairs with a probability at or above the threshold.</param>
/// <param name="Hits">Those of them that were bought; null while the outcome is not known.</param>
/// <param name="Expected">Sum of the probabilities: purchases to be expected.</param>
internal sealed record PurchaseReportRow(string Group, long Pairs, long? Bought, long Predicted, long? Hits, double Expected)
{
    /// <summary>Share of pairs that were bought.</summary>
    internal double? Conversion => (double?)Bought / Pairs;

    internal double MeanProbability => Expected / Pairs;

    /// <summary>Share of the predicted that were bought; null where none was predicted.</summary>
    internal double? Precision => Predicted == 0 ? null : (double?)Hits / Predicted;

    /// <summary>Share of the bought that were predicted; null where none was bought.</summary>
    internal double? Recall => Bought is null or 0 ? null : (double?)Hits / Bought;

    /// <summary>Harmonic mean of precision and recall.</summary>
    internal double? F1 => Hits is null || Predicted + Bought == 0 ? null : 2.0 * Hits / (Predicted + Bought);
}
