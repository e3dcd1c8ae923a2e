namespace EcomWorkflows.Pipeline.Validation.Suites;

/// <summary>What a keyword argument of an expectation may hold.</summary>
internal enum KwargKind
{
    Text,
    TextList,

    /// <summary>A number, a text (also a date or time) or true/false.</summary>
    Scalar,
    ScalarList,
    Number,
    Count,

    /// <summary>A number from 0 to 1.</summary>
    Share,
    Flag,
    Structure,
}
