using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Testing;
using Shouldly;

namespace EcomWorkflows.Server.Tests.Elsa;

/// <summary>Compares answers, member by member, with documents that Elsa Studio accepted.</summary>
internal static class SampleShape
{
    /// <summary>Objects whose members are the DAG's own.</summary>
    private static readonly HashSet<string> Free = ["activityState", "payload", "outputs", "properties", "metadata", "input", "output", "details"];

    public static JsonNode Sample(string name) =>
        JsonNode.Parse(File.ReadAllText(Path.Combine(RepositoryRoot.Path, "tests/EcomWorkflows.Server.Tests/Elsa/Samples", name + ".json")))!;

    /// <summary>Every member of the sample is in the answer, with a value of the same kind or null where the sample or the answer may have none.</summary>
    public static void ShouldHaveTheShapeOf(this JsonNode? answer, JsonNode? sample, string place = "$")
    {
        if (sample is null || answer is null)
            return;
        switch (sample)
        {
            case JsonObject members:
                var given = answer.ShouldBeOfType<JsonObject>(place);
                given.Select(m => m.Key).Except(members.Select(m => m.Key)).ShouldBeEmpty($"{place}: members Studio does not know");
                foreach (var (name, value) in members)
                {
                    given.ContainsKey(name).ShouldBeTrue($"{place}.{name} is missing");
                    if (!Free.Contains(name))
                        given[name].ShouldHaveTheShapeOf(value, $"{place}.{name}");
                    else if (given[name] is { } free)
                        free.ShouldBeOfType<JsonObject>($"{place}.{name}");
                }
                break;
            case JsonArray items:
                var list = answer.ShouldBeOfType<JsonArray>(place);
                foreach (var (item, index) in list.Select((item, index) => (item, index)).Where(_ => items.Count > 0))
                    item.ShouldHaveTheShapeOf(items[0], $"{place}[{index}]");
                break;
            default:
                Kind(answer).ShouldBe(Kind(sample), place);
                break;
        }
    }

    private static string Kind(JsonNode value) => value.GetValueKind() switch
    {
        JsonValueKind.True or JsonValueKind.False => "boolean",
        var kind => kind.ToString(),
    };
}
