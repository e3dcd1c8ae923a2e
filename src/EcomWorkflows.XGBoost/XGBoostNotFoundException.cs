namespace EcomWorkflows.XGBoost;

/// <summary>The native library is not installed on this machine.</summary>
public sealed class XGBoostNotFoundException : XGBoostException
{
    internal XGBoostNotFoundException(IReadOnlyList<string> candidates, Exception? innerException)
        : base(
            "dlopen",
            $"The native library of XGBoost was not found (looked for {string.Join(", ", candidates)}). Install it with: apt-get install libxgboost0",
            innerException)
    {
        Candidates = candidates;
    }

    /// <summary>The file names that were looked for, in order.</summary>
    public IReadOnlyList<string> Candidates { get; }
}
