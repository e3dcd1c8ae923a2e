using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Checks templates in input values against the DAG's parameters; they are filled in when a run starts the task.</summary>
internal sealed class TemplateCheck(IReadOnlySet<string> paramNames)
{
    public bool Applies(JsonNode value) => Texts(value).Any(text => text.Contains("{{", StringComparison.Ordinal));

    public void Check(JsonNode value, string place, ProblemList problems)
    {
        foreach (var message in Texts(value).SelectMany(text => Templates.Problems(text, paramNames)).Distinct())
            problems.Add(place, message);
    }

    private static IEnumerable<string> Texts(JsonNode? value) => value switch
    {
        JsonObject json => json.SelectMany(member => Texts(member.Value)),
        JsonArray list => list.SelectMany(Texts),
        JsonValue scalar when scalar.GetValueKind() == JsonValueKind.String => [scalar.GetValue<string>()],
        _ => [],
    };
}
