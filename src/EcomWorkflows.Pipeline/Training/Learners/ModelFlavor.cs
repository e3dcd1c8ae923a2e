namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>How a saved model is read again, as MLflow's <c>flavors</c> say it.</summary>
/// <param name="Name"><c>xgboost</c>, or our own <c>ecom_logistic_regression</c>.</param>
/// <param name="DataFile">The model's file, relative to its folder.</param>
/// <param name="Settings">Further members of the flavor.</param>
public sealed record ModelFlavor(string Name, string DataFile, IReadOnlyDictionary<string, string> Settings);
