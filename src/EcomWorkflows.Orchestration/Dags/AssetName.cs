using System.Text.Json.Nodes;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Orchestration.Dags;

/// <summary>Names of assets, and the parameters a task's outlets and inlets may name in them.</summary>
public static partial class AssetName
{
    /// <summary>What a message about a bad name says is allowed.</summary>
    public const string Allowed = "1 to 500 letters, digits, '_', '-', '.', '/' or ':'";

    public static bool IsName(string name) => Pattern().IsMatch(name);

    /// <summary>Parameters the name holds as <c>{{ params.NAME }}</c>.</summary>
    public static IEnumerable<string> Params(string name) => Param().Matches(name).Select(m => m.Groups[1].Value);

    /// <summary>The name with its parameters filled in.</summary>
    /// <returns>Null where a parameter has no value or the result is no name.</returns>
    public static string? Resolve(string name, JsonObject parameters)
    {
        var resolved = Param().Replace(name, m => parameters.TryGetPropertyValue(m.Groups[1].Value, out var value) ? value?.ToString() ?? "" : "\0");
        return IsName(resolved) ? resolved : null;
    }

    [GeneratedRegex(@"^[A-Za-z0-9_./:-]{1,500}\z")]
    private static partial Regex Pattern();

    [GeneratedRegex(@"\{\{\s*params\.([A-Za-z_][A-Za-z0-9_]*)\s*\}\}")]
    private static partial Regex Param();
}
