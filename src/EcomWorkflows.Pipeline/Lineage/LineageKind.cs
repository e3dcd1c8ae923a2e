namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>What a node of a lineage is, in the order in which a prediction is walked back.</summary>
public enum LineageKind
{
    /// <summary>One row of <c>gold.churn_predictions</c> or <c>gold.purchase_predictions</c>.</summary>
    Prediction,

    /// <summary>The features of one entity at one moment.</summary>
    FeatureRow,

    /// <summary>A row of a silver table.</summary>
    Row,

    /// <summary>A line of a raw file.</summary>
    RawLine,

    /// <summary>A version of a feature view's schema and logic.</summary>
    FeatureView,

    /// <summary>A registered model version.</summary>
    Model,

    /// <summary>A dataset version: what a tag of the dataset repository stands for.</summary>
    Dataset,

    /// <summary>A snapshot of a lake table.</summary>
    Table,

    /// <summary>A file as a source delivered it.</summary>
    RawFile,
}
