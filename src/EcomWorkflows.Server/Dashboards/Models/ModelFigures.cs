using System.Globalization;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>The figures of a version as pages show them.</summary>
public static class ModelFigures
{
    public static IReadOnlyList<(string Name, double? Value, Interval? Interval)> Of(ModelMetrics m) =>
    [
        ("ROC-AUC", m.RocAuc, m.RocAucInterval),
        ("PR-AUC", m.PrAuc, m.PrAucInterval),
        ("Base rate (what PR-AUC is by chance)", m.BaseRate, null),
        ("F1", m.F1, m.F1Interval),
        ("Precision", m.Precision, null),
        ("Recall", m.Recall, null),
        ("Accuracy", m.Accuracy, null),
        ("Threshold, chosen on training rows", m.Threshold, null),
        ("Brier score", m.Brier, m.BrierInterval),
        ("Calibration error", m.CalibrationError, null),
        ("Log loss", m.LogLoss, null),
        ("Lift at 5 %", m.LiftAt5Percent, null),
        ("Lift at 10 %", m.LiftAt10Percent, m.LiftAt10PercentInterval),
        ("Lift at 20 %", m.LiftAt20Percent, null),
        ("Recall at 5 %", m.RecallAt5Percent, null),
        ("Recall at 10 %", m.RecallAt10Percent, null),
        ("Recall at 20 %", m.RecallAt20Percent, null),
    ];

    public static string Text(double? value) => value is { } number && double.IsFinite(number) ? number.ToString("0.0000", CultureInfo.InvariantCulture) : "–";

    public static string Range(Interval? interval) => interval is null ? "" : $"{Text(interval.Low)} – {Text(interval.High)}";
}
