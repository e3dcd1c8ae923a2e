using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

public class ParamRulesTests
{
    [Theory]
    [InlineData("string", """["honest", "classic"]""", "\"classic\"", null)]
    [InlineData("string", """["honest", "classic"]""", "\"foo\"", "parameter 'p' must be one of \"honest\", \"classic\", got \"foo\"")]
    [InlineData("string", """["honest", "classic"]""", "\"Honest\"", "parameter 'p' must be one of \"honest\", \"classic\", got \"Honest\"")]
    [InlineData("string", """["honest", "classic"]""", "3", "parameter 'p' must be string, got 3")]
    [InlineData("string", """["honest", "classic"]""", "null", "parameter 'p' must be string, got null")]
    [InlineData("integer", "[7, 30]", "30", null)]
    [InlineData("integer", "[7, 30]", "8", "parameter 'p' must be one of 7, 30, got 8")]
    [InlineData("number", "[0.5, 1]", "1.0", null)]
    [InlineData("object", """[{"a": 1, "b": 2}]""", """{"b": 2, "a": 1}""", null)]
    public void A_value_is_one_of_those_that_are_allowed(string type, string allowed, string given, string? problem)
    {
        var param = new DagParam("p", type, null, null, [.. JsonNode.Parse(allowed)!.AsArray().Select(value => value!)]);

        var (_, problems) = ParamRules.Resolve([param], new JsonObject { ["p"] = JsonNode.Parse(given) });

        problems.ShouldBe(problem is null ? [] : [problem]);
    }

    [Fact]
    public void A_parameter_with_allowed_values_takes_its_default_where_none_is_given()
    {
        var (resolved, problems) = ParamRules.Resolve([new DagParam("p", "string", null, "honest", ["honest", "classic"])], null);

        problems.ShouldBeEmpty();
        resolved["p"]!.GetValue<string>().ShouldBe("honest");
    }
}
