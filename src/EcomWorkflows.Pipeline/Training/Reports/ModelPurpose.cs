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

    public static ModelPurpose Purchase(string source, string description, int outcomeDays, int candidateDays) => new(
        $"Purchases of the visitors of {source} ({description.TrimEnd('.')})",
        $"A pair is a visitor and an item that the visitor viewed, carted or bought in the {candidateDays} days before the cutoff; it is positive when the visitor buys the item in the {outcomeDays} days from the cutoff on.",
        "pairs", "bought", "a purchase");

    public static ModelPurpose ClassicPurchase(string source, string description) => new(
        $"Purchases of the visitors of {source}, classic variant ({description.TrimEnd('.')})",
        "A pair is a visitor and an item; it is positive when the visitor has bought the item. Features and purchases are of the same period and test pairs are those of other visitors, "
        + "as in published scores: it says how well a purchase can be read off its own traces, not how well one can be foretold.",
        "pairs", "bought", "a purchase");
}
