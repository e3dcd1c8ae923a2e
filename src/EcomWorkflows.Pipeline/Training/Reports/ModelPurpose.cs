namespace EcomWorkflows.Pipeline.Training.Reports;

/// <summary>What a model is for, in the words of its report and card.</summary>
/// <param name="Subject">For example <c>Churn of the customers of shop (A simulated shop)</c>.</param>
/// <param name="Definition">When a row counts as positive, a sentence.</param>
/// <param name="Entities">What a row is, plural: <c>customers</c>.</param>
/// <param name="Positive">What the positive ones did: <c>churned</c>.</param>
/// <param name="Outcome">What the probability is of: <c>churn</c>.</param>
public sealed record ModelPurpose(string Subject, string Definition, string Entities, string Positive, string Outcome)
{
    /// <summary>Whether the outcome is of a later time than the features; false where both are of the same period.</summary>
    public bool Foretells { get; init; } = true;

    /// <summary>What the features know, a sentence.</summary>
    public string FeatureTime => Foretells
        ? "Features use only what happened before the cutoff."
        : "Features use all that happened in the period, the purchases themselves among it.";

    /// <summary>What the figures on the test rows are of, a sentence.</summary>
    public string TestTime => Foretells
        ? "The test cutoff lies after the training outcome window: the figures are those of predicting the future, not of filling gaps in the past."
        : $"Training and test {Entities} are of the same period: the figures are not those of predicting the future.";

    /// <summary>How the test rows differ from the training rows.</summary>
    public string TestRows => Foretells ? "later in time" : "of other visitors, in the same period";

    /// <summary>What a high probability does not say, sentences.</summary>
    public string Limits => Foretells
        ? "A high probability does not say that an offer would help: keep a random group untreated and compare. Who had no activity before the cutoff is not scored."
        : $"A high probability says that the traces of {Outcome} are there, not that one is to come.";

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
        "pairs", "bought", "a purchase") { Foretells = false };
}
