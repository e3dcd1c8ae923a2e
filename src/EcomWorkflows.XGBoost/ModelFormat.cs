namespace EcomWorkflows.XGBoost;

/// <summary>The two portable forms of a model, both readable by every XGBoost from 1.6 on.</summary>
public enum ModelFormat
{
    Json,

    /// <summary>Universal Binary JSON: the same document, about half the size.</summary>
    Ubj,
}
