using System.Text.Json.Nodes;

namespace EcomWorkflows.Pipeline.Validation.RowRules;

/// <summary>What a validator found in all rows.</summary>
/// <param name="Failing">Rows with a failure of FluentValidation's severity error.</param>
/// <param name="ByRule">Such failures by error code.</param>
/// <param name="Noted">Failures of severity warning or info by error code: counted, but the row passes.</param>
internal sealed record ValidatorFindings(long Failing, IReadOnlyDictionary<string, long> ByRule, IReadOnlyDictionary<string, long> Noted)
{
    public JsonObject Details => new() { ["by_rule"] = Json(ByRule), ["noted"] = Json(Noted) };

    private static JsonObject Json(IReadOnlyDictionary<string, long> counts) =>
        new(counts.OrderByDescending(count => count.Value).Select(count => KeyValuePair.Create(count.Key, (JsonNode?)JsonValue.Create(count.Value))));
}
