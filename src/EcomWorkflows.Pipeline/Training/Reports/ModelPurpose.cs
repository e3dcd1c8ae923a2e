namespace EcomWorkflows.Pipeline.Training.Reports;

/// <summary>What a model is for, in the words of its report and card.</summary>
/// <param name="Subject">For example <c>Churn of the customers of shop (A simulated shop)</c>.</param>
/// <param name="Definition">When a row counts as positive, a sentence.</param>
/// <param name="Entities">What a row is, plural: <c>customers</c>.</param>
/// <param name="Positive">What the positive ones did: <c>churned</c>.</param>
/// <param name="Outcome">What the probability is of: <c>churn</c>.</param>
public sealed record ModelPurpose(string Subject, string Definition, string Entities, string Positive, string Outcome)
{
    public static ModelPurpose Churn(string source, string description, int outcomeDays) => new(
        $"Churn of the customers of {source} ({description.TrimEnd('.')})",
        $"A customer has churned when there is no activity in the {outcomeDays} days from the cutoff on.",
        "customers", "churned", "churn");
}
