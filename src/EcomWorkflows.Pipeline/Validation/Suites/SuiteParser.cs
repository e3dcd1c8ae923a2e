using System.Text;
using System.Text.Json;
using System.Text.Json.Nodes;

namespace EcomWorkflows.Pipeline.Validation.Suites;

/// <summary>Reads a suite and says everything that is wrong with it, each with its line.</summary>
internal static class SuiteParser
{
    public static (ExpectationSuite? Suite, IReadOnlyList<SuiteProblem> Problems) Parse(string json, string file)
    {
        JsonObject root;
        List<int> lines;
        try
        {
            root = JsonNode.Parse(json) as JsonObject ?? throw new JsonException("a suite is a JSON object", null, 0, 0);
            lines = LinesOfExpectations(json);
        }
        catch (JsonException problem)
        {
            return (null, [new SuiteProblem(file, (int)(problem.LineNumber ?? 0) + 1, problem.Message)]);
        }
        var problems = new List<SuiteProblem>();
        if (Text(root["name"]) is not { } name)
        {
            name = "";
            problems.Add(new SuiteProblem(file, 1, "\"name\" is required: the suite's name, a text"));
        }
        if (root["expectations"] is not JsonArray stated)
        {
            stated = [];
            problems.Add(new SuiteProblem(file, 1, "\"expectations\" is required: a list of objects with \"type\" and \"kwargs\""));
        }
        var expectations = new List<ExpectationConfiguration>();
        for (var index = 0; index < stated.Count; index++)
        {
            var line = lines[index];
            var reader = new ExpectationReader(stated[index], line);
            if (reader.Read() is { } expectation)
                expectations.Add(expectation);
            problems.AddRange(reader.Problems.Select(message => new SuiteProblem(file, line, $"expectation {index + 1}: {message}")));
        }
        var suite = new ExpectationSuite(name, file, [.. GeneratedCodes.TellApart(expectations)], root["meta"] as JsonObject ?? []);
        return (problems.Count == 0 ? suite : null, problems);
    }

    internal static string? Text(JsonNode? node) =>
        node is JsonValue value && value.TryGetValue<string>(out var text) && text.Length > 0 ? text : null;

    /// <summary>The line each element of the root's "expectations" starts in.</summary>
    private static List<int> LinesOfExpectations(string json)
    {
        var bytes = Encoding.UTF8.GetBytes(json);
        var reader = new Utf8JsonReader(bytes);
        var lines = new List<int>();
        var (inside, line, counted) = (false, 1, 0);
        while (reader.Read())
        {
            if (reader is { TokenType: JsonTokenType.PropertyName, CurrentDepth: 1 })
                inside = reader.ValueTextEquals("expectations");
            else if (inside && reader.CurrentDepth == 2 && reader.TokenType is not JsonTokenType.EndObject and not JsonTokenType.EndArray)
            {
                var start = (int)reader.TokenStartIndex;
                line += bytes.AsSpan(counted, start - counted).Count((byte)'\n');
                counted = start;
                lines.Add(line);
            }
        }
        return lines;
    }
}
