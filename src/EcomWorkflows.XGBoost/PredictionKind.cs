namespace EcomWorkflows.XGBoost;

/// <summary>What to predict; the numbers are the library's.</summary>
public enum PredictionKind
{
    /// <summary>The objective's output, for <c>binary:logistic</c> a probability.</summary>
    Value = 0,

    /// <summary>The raw score before the objective's link function.</summary>
    Margin = 1,

    /// <summary>Exact TreeSHAP values: one per feature and a bias in the last column; each row sums to its margin.</summary>
    Contributions = 2,

    /// <summary>Saabas' faster approximation of <see cref="Contributions"/>.</summary>
    ApproximateContributions = 3,

    /// <summary>SHAP interaction values: a (features + 1)² table per row.</summary>
    Interactions = 4,

    /// <summary>Saabas' faster approximation of <see cref="Interactions"/>.</summary>
    ApproximateInteractions = 5,

    /// <summary>The number of the leaf each tree sends the row to.</summary>
    Leaf = 6,
}
