namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>Which question a purchase model is asked.</summary>
public enum PurchaseVariant
{
    /// <summary>Features from before a cutoff, the purchase after it: what can be known in time.</summary>
    Honest,

    /// <summary>Features and purchase from the same period, as in published scores of RetailRocket. The features know the outcome, so the leak sentinels stop it unless told otherwise.</summary>
    Classic,
}
