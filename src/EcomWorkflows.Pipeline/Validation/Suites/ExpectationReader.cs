using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Pipeline.Validation.Checks;

namespace EcomWorkflows.Pipeline.Validation.Suites;

/// <summary>Reads one element of a suite's list against what its type allows.</summary>
internal sealed partial class ExpectationReader(JsonNode? stated, int line)
{
    public List<string> Problems { get; } = [];

    public ExpectationConfiguration? Read()
    {
        if (stated is not JsonObject expectation)
        {
            Problems.Add("must be an object with \"type\" and \"kwargs\"");
            return null;
        }
        if (SuiteParser.Text(expectation["type"]) is not { } type)
        {
            Problems.Add("\"type\" is required, for example \"expect_column_values_to_not_be_null\"");
            return null;
        }
        if (ExpectationCatalog.Find(type) is not { } definition)
        {
            Problems.Add($"there is no type \"{type}\".{Suggestion.For(type, ExpectationCatalog.Types)} Known types: {string.Join(", ", ExpectationCatalog.Types)}");
            return null;
        }
        var kwargs = ReadKwargs(expectation, definition);
        var meta = ReadObject(expectation, "meta");
        var severity = ReadEnum(expectation["severity"], "severity", ExpectationSeverity.Critical);
        var failingRows = ReadEnum(meta["on_fail"], "meta.on_fail", FailingRows.Accept);
        if (failingRows == FailingRows.Quarantine && !definition.HasRows)
            Problems.Add($"{type} looks at the table as a whole and has no failing rows: \"meta.on_fail\" cannot be \"quarantine\"");
        return new ExpectationConfiguration(line, definition.Type, kwargs, severity, failingRows, ReadCode(meta, definition.Type, kwargs), meta);
    }

    private JsonObject ReadKwargs(JsonObject expectation, ExpectationDefinition definition)
    {
        var kwargs = ReadObject(expectation, "kwargs");
        var known = definition.AllKwargs;
        foreach (var (name, _) in kwargs)
        {
            if (name == "condition_parser")
                Problems.Add("\"condition_parser\" is not used: \"row_condition\" is a SQL condition over the table's columns here");
            else if (!known.Any(kwarg => kwarg.Name == name) && !Kwarg.WithoutEffect.Contains(name))
                Problems.Add($"{definition.Type} has no argument \"{name}\"; it takes {string.Join(", ", known.Select(kwarg => kwarg.Name))}");
        }
        var before = Problems.Count;
        Problems.AddRange(known.Select(kwarg => kwarg.Problem(kwargs[kwarg.Name])).OfType<string>().Select(problem => $"{definition.Type}: {problem}"));
        if (Problems.Count == before && definition.Demand?.Invoke(kwargs) is { } demand)
            Problems.Add($"{definition.Type}: {demand}");
        return kwargs;
    }

    private string ReadCode(JsonObject meta, string type, JsonObject kwargs)
    {
        if (meta["code"] is null)
            return GeneratedCodes.Of(type, SuiteParser.Text(kwargs["column"]));
        if (SuiteParser.Text(meta["code"]) is { } code && Code().IsMatch(code))
            return code;
        Problems.Add($"\"meta.code\" must be a reason code such as \"missing_customer\": a letter, then letters, digits or _, at most 80 in lower case, not {meta["code"]!.ToReadableText()}");
        return "";
    }

    private JsonObject ReadObject(JsonObject parent, string name)
    {
        if (parent[name] is JsonObject child)
            return child;
        if (parent[name] is not null)
            Problems.Add($"\"{name}\" must be an object");
        return [];
    }

    private TEnum ReadEnum<TEnum>(JsonNode? node, string name, TEnum missing)
        where TEnum : struct, Enum
    {
        if (node is null)
            return missing;
        var text = SuiteParser.Text(node);
        foreach (var value in Enum.GetValues<TEnum>())
        {
            if (value.ToString().Equals(text, StringComparison.OrdinalIgnoreCase))
                return value;
        }
        var allowed = string.Join(", ", Enum.GetNames<TEnum>().Select(value => $"\"{value.ToLowerInvariant()}\""));
        Problems.Add($"\"{name}\" must be one of {allowed}, not {node.ToReadableText()}");
        return missing;
    }

    [GeneratedRegex("^[a-z][a-z0-9_]{0,79}$")]
    private static partial Regex Code();
}
