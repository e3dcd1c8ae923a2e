using System.Text.Json.Nodes;

namespace EcomWorkflows.Pipeline.Validation.Checks;

/// <summary>How a figure compares with what is expected of it.</summary>
/// <param name="Details">What was compared with what: thresholds, bounds, shares.</param>
internal sealed record Judgement(bool Success, JsonNode? Observed, JsonObject? Details = null);
