using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Outputs of <see cref="SqlTask"/>.</summary>
public sealed record SqlOutputs(
    [property: TaskInput("Rows inserted, updated and deleted by all statements.")] int RowsAffected,
    [property: TaskInput("First value of the first row of the last result.")] JsonNode? Scalar,
    [property: TaskInput("First row of the last result, by column.")] JsonObject? Row,
    [property: TaskInput("Rows of the last result, up to the limit.")] JsonArray Rows);
