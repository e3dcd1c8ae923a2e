namespace EcomWorkflows.Pipeline.Validation.Suites;

/// <summary>What happens to the rows that break an expectation.</summary>
public enum FailingRows
{
    /// <summary>They stay in the data; the report lists them.</summary>
    Accept,

    /// <summary>They are kept out of everything downstream and stored with their reason.</summary>
    Quarantine,
}
