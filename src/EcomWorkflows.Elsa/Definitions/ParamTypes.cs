namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Elsa's variable types and the JSON types of DAG parameters.</summary>
internal static class ParamTypes
{
    public const string Array = "array";

    private static readonly Dictionary<string, string> JsonTypes = new(StringComparer.OrdinalIgnoreCase)
    {
        ["String"] = "string",
        ["Guid"] = "string",
        ["DateTime"] = "string",
        ["DateTimeOffset"] = "string",
        ["DateOnly"] = "string",
        ["TimeSpan"] = "string",
        ["Int16"] = "integer",
        ["Int32"] = "integer",
        ["Int64"] = "integer",
        ["Single"] = "number",
        ["Double"] = "number",
        ["Decimal"] = "number",
        ["Boolean"] = "boolean",
        ["Object"] = "object",
        ["JsonObject"] = "object",
        ["ObjectDictionary"] = "object",
        ["ObjectList"] = Array,
    };

    public static IEnumerable<string> Known => JsonTypes.Keys;

    /// <summary>JSON type of an Elsa type; null when it is none of <see cref="Known"/>.</summary>
    public static string? ToJsonType(string elsaType, bool isArray) =>
        JsonTypes.GetValueOrDefault(elsaType.StartsWith("System.", StringComparison.Ordinal) ? elsaType["System.".Length..] : elsaType) is { } type
            ? isArray ? Array : type
            : null;

    public static (string ElsaType, bool IsArray) FromJsonType(string jsonType) => jsonType switch
    {
        "string" => ("String", false),
        "integer" => ("Int64", false),
        "number" => ("Double", false),
        "boolean" => ("Boolean", false),
        Array => ("Object", true),
        _ => ("Object", false),
    };

    /// <summary>The .NET type whose conversion a value of the JSON type passes.</summary>
    public static Type ClrType(string jsonType) => jsonType switch
    {
        "string" => typeof(string),
        "integer" => typeof(long),
        "number" => typeof(double),
        "boolean" => typeof(bool),
        Array => typeof(System.Text.Json.Nodes.JsonArray),
        _ => typeof(System.Text.Json.Nodes.JsonObject),
    };
}
