using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion.Drift;

/// <summary>What drift does where a mapping does not say.</summary>
internal static class DriftDefaults
{
    public static DriftPolicy Csv { get; } = new(DriftAction.Fail, DriftAction.Fail, DriftAction.Fail, DriftAction.Warn, DriftAction.Warn);

    public static DriftPolicy Parquet { get; } = Csv with { Retyped = DriftAction.Fail };

    /// <summary>JSON leaves out what has no value, and grows members without breaking anybody.</summary>
    public static DriftPolicy Json { get; } = Csv with { New = DriftAction.Warn, Missing = DriftAction.Warn };
}
