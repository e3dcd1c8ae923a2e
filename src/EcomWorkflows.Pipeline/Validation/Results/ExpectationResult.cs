using System.Text.Json.Nodes;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Results;

/// <summary>What was found for one expectation.</summary>
/// <param name="Statement">What was expected, in words.</param>
internal sealed record ExpectationResult(ExpectationConfiguration Expectation, string Statement, bool Success)
{
    /// <summary>Rows it was about; null for expectations that count no rows.</summary>
    public long? ElementCount { get; init; }

    /// <summary>Rows of these it skipped because the value is missing; null where nothing is skipped.</summary>
    public long? MissingCount { get; init; }

    /// <summary>Rows that fail; null for expectations that count no rows.</summary>
    public long? UnexpectedCount { get; init; }

    public JsonNode? Observed { get; init; }

    public JsonObject? Details { get; init; }

    /// <summary>The observed figure where it is one number.</summary>
    public double? ObservedNumber => Observed is JsonValue value && value.TryGetValue<double>(out var number) ? number : Observed is JsonValue other && other.TryGetValue<long>(out var whole) ? whole : null;

    /// <summary>The most frequent failing values, at most 20.</summary>
    public IReadOnlyList<ValueCount> Values { get; init; } = [];

    /// <summary>The first failing rows by file and line, at most 20.</summary>
    public IReadOnlyList<FailingRow> Examples { get; init; } = [];

    /// <summary>Why it could not be checked; null when it was.</summary>
    public string? Exception { get; init; }

    /// <summary>Failing rows as a share of the rows that count.</summary>
    public double? UnexpectedShare => UnexpectedCount is { } unexpected && ElementCount - (MissingCount ?? 0) is { } considered and > 0
        ? (double)unexpected / considered
        : null;

    /// <summary>How grave the failure is where a limit of its own said so; null: as the expectation states.</summary>
    public ExpectationSeverity? FailedSeverity { get; init; }

    public ExpectationSeverity Severity => Exception is null ? FailedSeverity ?? Expectation.Severity : ExpectationSeverity.Critical;

    public Verdict Verdict =>
        Exception is not null ? Verdict.Error
        : !Success ? Verdict.Failed
        : UnexpectedCount > 0 ? Verdict.Tolerated
        : Verdict.Passed;

    public bool StopsTheRun => !Success && Severity == ExpectationSeverity.Critical;

    /// <summary>What became of its failing rows, in one word for reports.</summary>
    public string Resolution => Verdict switch
    {
        Verdict.Passed => "none needed",
        Verdict.Error => "not checked",
        _ when UnexpectedCount > 0 && Expectation.FailingRows == FailingRows.Quarantine => "quarantined",
        _ when StopsTheRun => "run stopped",
        _ => "accepted",
    };
}
