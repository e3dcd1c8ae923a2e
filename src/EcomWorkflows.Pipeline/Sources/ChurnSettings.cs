namespace EcomWorkflows.Pipeline.Sources;

/// <summary>Windows of the churn label, in whole days.</summary>
/// <param name="OutcomeDays">Churned = no activity in [cutoff, cutoff + OutcomeDays).</param>
/// <param name="EmbargoDays">Days left out between the end of the training outcome window and the test cutoff.</param>
public sealed record ChurnSettings(int OutcomeDays, int EmbargoDays);
