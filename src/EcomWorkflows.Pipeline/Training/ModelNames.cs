namespace EcomWorkflows.Pipeline.Training;

/// <summary>Names of registered models.</summary>
public static class ModelNames
{
    public static string ChurnOf(string source) => $"{source}_churn";

    public static string PurchaseOf(string source) => $"{source}_purchase";
}
