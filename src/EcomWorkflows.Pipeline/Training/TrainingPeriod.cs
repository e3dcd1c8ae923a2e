namespace EcomWorkflows.Pipeline.Training;

/// <summary>Training rows of one cutoff; the periods follow each other in the order of the rows.</summary>
public sealed record TrainingPeriod(DateTimeOffset Cutoff, int Rows);
