namespace EcomWorkflows.Pipeline.Training.Evaluation;

/// <summary>Figures of one model on one slice of the test rows.</summary>
public sealed record SliceMetrics(string Slice, long Rows, double BaseRate, double RocAuc, double PrAuc, double F1, double Brier, double CalibrationError);
