using System.Text.Json.Nodes;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>A check of the table's columns, decided without reading a row.</summary>
internal sealed record TableCheck(ExpectationConfiguration Expectation, string Statement, bool Success, JsonNode? Observed, JsonObject? Details = null)
    : Check(Expectation, Statement)
{
    public override IReadOnlyList<string> Aggregates => [];
}
