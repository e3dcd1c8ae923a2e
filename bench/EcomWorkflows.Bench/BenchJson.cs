using System.Text.Json;

namespace EcomWorkflows.Bench;

/// <summary>How results are written for scripts: snake_case names.</summary>
internal static class BenchJson
{
    public static JsonSerializerOptions Options { get; } = new() { PropertyNamingPolicy = JsonNamingPolicy.SnakeCaseLower, WriteIndented = true };
}
