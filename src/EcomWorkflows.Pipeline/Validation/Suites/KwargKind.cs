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

    /// <summary>A number of rows with <c>&gt;</c> or <c>&gt;=</c> before it.</summary>
    Limit,

    /// <summary>A number with a unit: seconds, minutes, hours, days or weeks.</summary>
    Duration,

    /// <summary>A list of texts or of lists, checked by the expectation itself.</summary>
    Lists,
    Structure,
}
