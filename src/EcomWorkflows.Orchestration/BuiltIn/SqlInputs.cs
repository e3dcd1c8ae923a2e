using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Inputs of <see cref="SqlTask"/>.</summary>
public sealed record SqlInputs
{
    [TaskInput("SQL to run, one or several statements, in one transaction. Values come in as @name from the parameters.", UiHint = "multiline", NoTemplates = true)]
    public required string Sql { get; init; }

    [TaskInput("Values for @name in the SQL, as a JSON object; templates are allowed here.")]
    public JsonObject Parameters { get; init; } = [];

    [TaskInput("Connection of type postgres; empty is our own database, where the statements commit only while this attempt is the owner of its task.", OptionsFrom = "connections")]
    public string? Connection { get; init; }

    [TaskInput("Rows of the last result that are kept in the outputs, 0 to 1000. Tables go to tables, not to outputs.", Min = 0, Max = 1000)]
    public int MaxRows { get; init; } = 100;

    [TaskInput("Limit of the statements in seconds.", Min = 1, Max = 86_400)]
    public double StatementTimeoutSeconds { get; init; } = 600;
}
