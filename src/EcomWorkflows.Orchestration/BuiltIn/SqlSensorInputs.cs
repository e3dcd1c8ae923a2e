using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Inputs of <see cref="SqlSensorTask"/>.</summary>
public sealed record SqlSensorInputs : SensorInputs
{
    [TaskInput("Query; it is found when the first value of its first row is there and is not 0, false or empty.", UiHint = "multiline", NoTemplates = true)]
    public required string Sql { get; init; }

    [TaskInput("Values for @name in the SQL, as a JSON object; templates are allowed here.")]
    public JsonObject Parameters { get; init; } = [];

    [TaskInput("Connection of type postgres; empty is our own database.", OptionsFrom = "connections")]
    public string? Connection { get; init; }

    [TaskInput("Limit of one query in seconds.", Min = 1, Max = 86_400)]
    public double StatementTimeoutSeconds { get; init; } = 60;
}
