using System.Text.Json.Nodes;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>A value, or something inside of it, that cannot be what an input needs.</summary>
/// <param name="Place">Where inside of the value, as <c>[0].on</c>; empty for the value itself.</param>
/// <param name="Expected">What is allowed there.</param>
internal sealed record Misfit(string Place, JsonNode? Found, string Expected)
{
    /// <summary>What was found and what is allowed.</summary>
    public string Message => $"{Json.Shown(Found)} cannot be used: expected {Expected.TrimEnd('.', '?')}{(Expected.EndsWith('?') ? "?" : ".")}";
}
