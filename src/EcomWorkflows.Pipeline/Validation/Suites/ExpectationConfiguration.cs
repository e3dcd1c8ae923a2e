using System.Text.Json.Nodes;

namespace EcomWorkflows.Pipeline.Validation.Suites;

/// <summary>One expectation as the suite file states it.</summary>
/// <param name="Line">Line of the suite file where it starts; 0 for one that no file states.</param>
/// <param name="Type">Great Expectations' name, for example <c>expect_column_values_to_not_be_null</c>.</param>
/// <param name="Severity">The default is critical, as in Great Expectations.</param>
/// <param name="FailingRows">From <c>meta.on_fail</c>; the default is accept, so a suite written for Great Expectations behaves as there.</param>
/// <param name="Code">Reason code of its failing rows, from <c>meta.code</c>; the default is built from type and column, and tells expectations about different columns apart.</param>
public sealed record ExpectationConfiguration(
    int Line, string Type, JsonObject Kwargs, ExpectationSeverity Severity, FailingRows FailingRows, string Code, JsonObject Meta)
{
    /// <summary>Share of the considered rows that must pass.</summary>
    public double Mostly => Kwargs["mostly"]?.GetValue<double>() ?? 1;

    /// <summary>What type and column alone give as the code, where other expectations of the suite have the same; null where that is <see cref="Code"/>.</summary>
    public string? SharedCode { get; init; }

    /// <summary>The same for the same expectation in every run: its type, code and what it looks at, but not its threshold, so that a history survives tuning, and another expectation beside it.</summary>
    public string Key => string.Join('|', [Type, SharedCode ?? Code, .. Columns, Kwargs["row_condition"]?.ToString() ?? ""]);

    public bool StatesMostly => Kwargs["mostly"] is not null;

    /// <summary>Whether limits on the number of failing rows are stated (<c>warn_if</c>, <c>error_if</c>).</summary>
    public bool StatesCounts => Kwargs["warn_if"] is not null || Kwargs["error_if"] is not null;

    public string? Notes => Meta["notes"] switch
    {
        JsonValue text when text.TryGetValue<string>(out var notes) => notes,
        JsonArray lines => string.Join(' ', lines.Select(line => line?.ToString())),
        _ => null,
    };

    /// <summary>The columns it speaks about, for grouping and display.</summary>
    public IReadOnlyList<string> Columns =>
    [
        .. new[] { "column", "column_A", "column_B" }.Select(name => Kwargs[name]?.ToString()).OfType<string>(),
        .. (Kwargs["column_list"] as JsonArray ?? []).Select(column => column?.ToString()).OfType<string>(),
    ];
}
