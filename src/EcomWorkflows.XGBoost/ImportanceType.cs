namespace EcomWorkflows.XGBoost;

/// <summary>How a feature's importance is counted over all trees.</summary>
public enum ImportanceType
{
    /// <summary>Number of splits on the feature; for a linear booster its coefficient.</summary>
    Weight,

    /// <summary>Mean loss reduction of its splits.</summary>
    Gain,

    /// <summary>Mean number of rows (sum of second derivatives) its splits see.</summary>
    Cover,
    TotalGain,
    TotalCover,
}
