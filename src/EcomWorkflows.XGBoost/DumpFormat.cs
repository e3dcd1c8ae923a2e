namespace EcomWorkflows.XGBoost;

/// <summary>Forms in which trees are printed for people.</summary>
public enum DumpFormat
{
    Text,
    Json,

    /// <summary>Graphviz.</summary>
    Dot,
}
