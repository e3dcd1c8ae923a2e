using System.Text.Json;
using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcomWorkflows.Orchestration;

namespace EcomWorkflows.Pipeline.Validation.Suites;

/// <summary>One keyword argument an expectation type takes.</summary>
/// <param name="Choices">The texts allowed; null allows any.</param>
internal sealed partial record Kwarg(string Name, KwargKind Kind, bool Required = false, IReadOnlyList<string>? Choices = null)
{
    /// <summary>Arguments of every expectation that looks at rows.</summary>
    public static IReadOnlyList<Kwarg> OfRows { get; } = 
        [new("mostly", KwargKind.Share), new("row_condition", KwargKind.Text), new("warn_if", KwargKind.Limit), new("error_if", KwargKind.Limit)];

    /// <summary>Arguments of Great Expectations that say how it runs, not what is expected; they are kept and have no effect here.</summary>
    public static IReadOnlyList<string> WithoutEffect { get; } = ["result_format", "catch_exceptions", "batch_id", "windows", "description"];

    /// <summary>Why a value is not allowed; null when it is.</summary>
    public string? Problem(JsonNode? value)
    {
        if (value is null)
            return Required ? $"\"{Name}\" is required: {Allowed}" : null;
        return IsAllowed(value) ? null : $"\"{Name}\" must be {Allowed}, not {Shorten(value.ToReadableText())}";
    }

    private string Allowed => Kind switch
    {
        KwargKind.Text when Choices is not null => $"one of {string.Join(", ", Choices.Select(choice => $"\"{choice}\""))}",
        KwargKind.Text => "a text",
        KwargKind.TextList => "a list of texts with at least one",
        KwargKind.Scalar => $"a number, a text, true/false, or {{\"$PARAMETER\": one of {string.Join(", ", SuiteParameters.Names)}}}",
        KwargKind.ScalarList => "a list of numbers, texts or true/false",
        KwargKind.Number => "a number",
        KwargKind.Count => "a whole number, 0 or more",
        KwargKind.Share => "a number from 0 to 1",
        KwargKind.Flag => "true or false",
        KwargKind.Limit => "a number of rows such as \">10\" or \">=100\"",
        KwargKind.Duration => "a number with seconds, minutes, hours, days or weeks, such as \"36 hours\"",
        KwargKind.Lists => "a list of lists",
        _ => "an object",
    };

    private bool IsAllowed(JsonNode value) => Kind switch
    {
        KwargKind.Text => IsText(value) && (Choices is null || Choices.Contains(value.GetValue<string>())),
        KwargKind.TextList => value is JsonArray { Count: > 0 } list && list.All(IsText),
        KwargKind.Scalar => IsScalar(value) || SuiteParameters.IsReference(value),
        KwargKind.ScalarList => value is JsonArray list && list.All(IsScalar),
        KwargKind.Number => value.GetValueKind() == JsonValueKind.Number,
        KwargKind.Count => value is JsonValue whole && whole.TryGetValue<long>(out var count) && count >= 0,
        KwargKind.Share => value is JsonValue share && share.TryGetValue<double>(out var number) && number is >= 0 and <= 1,
        KwargKind.Limit => IsText(value) && RowCountLimit.IsLimit(value.GetValue<string>()),
        KwargKind.Duration => IsText(value) && Duration().IsMatch(value.GetValue<string>()),
        KwargKind.Lists => value is JsonArray { Count: > 0 } lists && lists.All(list => list is JsonArray),
        KwargKind.Flag => value.GetValueKind() is JsonValueKind.True or JsonValueKind.False,
        _ => value is JsonObject,
    };

    private static bool IsText(JsonNode? value) => value?.GetValueKind() == JsonValueKind.String && value.GetValue<string>().Length > 0;

    private static bool IsScalar(JsonNode? value) =>
        value?.GetValueKind() is JsonValueKind.Number or JsonValueKind.String or JsonValueKind.True or JsonValueKind.False;

    private static string Shorten(string text) => text.Length <= 80 ? text : string.Concat(text.AsSpan(0, 80), "…");

    [GeneratedRegex(@"^\s*[0-9]{1,9}(\.[0-9]+)?\s*(second|minute|hour|day|week)s?\s*$")]
    private static partial Regex Duration();
}
