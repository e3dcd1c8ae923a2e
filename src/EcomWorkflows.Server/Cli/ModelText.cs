using System.Globalization;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Server.Cli;

/// <summary>How figures of models are written in the terminal.</summary>
internal static class ModelText
{
    public static string Figure(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("0.0000", CultureInfo.InvariantCulture) : "";

    public static string Range(Interval? interval) => interval is null ? "" : $"{Figure(interval.Low)} to {Figure(interval.High)}";

    /// <summary>The figures a person compares models by: name, value, interval.</summary>
    public static IReadOnlyList<(string Name, double? Value, Interval? Interval)> Rows(ModelMetrics m) =>
    [
        ("ROC-AUC", m.RocAuc, m.RocAucInterval),
        ("PR-AUC", m.PrAuc, m.PrAucInterval),
        ("base rate", m.BaseRate, null),
        ("threshold", m.Threshold, null),
        ("F1", m.F1, m.F1Interval),
        ("precision", m.Precision, null),
        ("recall", m.Recall, null),
        ("accuracy", m.Accuracy, null),
        ("Brier", m.Brier, m.BrierInterval),
        ("calibration error", m.CalibrationError, null),
        ("log loss", m.LogLoss, null),
        ("lift at 5 %", m.LiftAt5Percent, null),
        ("lift at 10 %", m.LiftAt10Percent, m.LiftAt10PercentInterval),
        ("lift at 20 %", m.LiftAt20Percent, null),
        ("recall at 5 %", m.RecallAt5Percent, null),
        ("recall at 10 %", m.RecallAt10Percent, null),
        ("recall at 20 %", m.RecallAt20Percent, null),
    ];
}
