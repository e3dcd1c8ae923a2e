using System.Collections;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Api.Descriptors;

/// <summary>Which of Studio's editors a property gets, and with what settings.</summary>
internal static class InputEditor
{
    public const string Dropdown = "dropdown";
    public const string DynamicOutcomes = "dynamic-outcomes";

    private const string CodeEditor = "code-editor";

    /// <summary>The field of a property.</summary>
    /// <param name="order">Position in the panel.</param>
    /// <param name="options">The live choices, where the property takes any.</param>
    /// <param name="fixedPorts">For an input whose values name ports of the activity: the ports it has besides.</param>
    public static InputDescriptor Describe(TaskPropertyDescriptor property, double order, IReadOnlyList<Option>? options, IReadOnlyList<string>? fixedPorts = null)
    {
        var type = Nullable.GetUnderlyingType(property.Type) ?? property.Type;
        var choices = options ?? Fixed(property, type);
        var (hint, language) = fixedPorts is not null ? (DynamicOutcomes, null) : Hint(property, type, choices);
        var specifications = hint switch
        {
            Dropdown => Choices(choices),
            CodeEditor => new JsonObject { [CodeEditor] = new JsonObject { ["language"] = language ?? "json", ["editorHeight"] = 1 } },
            DynamicOutcomes => new JsonObject { ["DynamicOutcomesOptions"] = new JsonObject { ["fixedOutcomes"] = new JsonArray([.. (fixedPorts ?? []).Select(port => (JsonNode)port)]) } },
            _ => [],
        };
        return new InputDescriptor(property.Name, TypeName(type), property.DisplayName, property.Description, order, hint, specifications)
        {
            DefaultValue = property.Default is null || property.Sensitive ? null : JsonSerializer.SerializeToNode(property.Default, property.Default.GetType(), TaskJson.Options),
            DefaultSyntax = hint is "multitext" or "checklist" or "dictionary" or DynamicOutcomes ? "Object" : "Literal",
            IsSensitive = property.Sensitive,
        };
    }

    // Studio also knows "Refresh": true, to ask for the choices of one field; 3.8.2 then asks without end. It reads all descriptors after every save, which is soon enough.
    private static JsonObject Choices(IReadOnlyList<Option> options) => new()
    {
        [Dropdown] = new JsonObject
        {
            ["selectList"] = new JsonObject
            {
                ["items"] = new JsonArray([.. options.Select(option => new JsonObject { ["text"] = option.Text, ["value"] = option.Value })]),
                ["isFlagsEnum"] = false,
                ["sortItems"] = false,
            },
        },
    };

    private static IReadOnlyList<Option> Fixed(TaskPropertyDescriptor property, Type type) => property.Options.Count > 0
        ? [.. property.Options.Select(option => new Option(option))]
        : type.IsEnum
            ? [.. Enum.GetNames(type).Select(JsonNamingPolicy.SnakeCaseLower.ConvertName).Select(name => new Option(name.Replace('_', ' '), name))]
            : [];

    /// <summary>The hint the property names, or the one that fits its type; a code editor's language follows a colon.</summary>
    private static (string Hint, string? Language) Hint(TaskPropertyDescriptor property, Type type, IReadOnlyList<Option> choices)
    {
        if (property.UiHint is { } given)
        {
            var parts = given.Split(':', 2);
            return (parts[0], parts.Length == 2 ? parts[1] : null);
        }
        return type switch
        {
            _ when choices.Count > 0 || property.OptionsFrom is not null => (IsList(type) ? "multitext" : Dropdown, null),
            _ when type == typeof(bool) => ("checkbox", null),
            _ when IsListOfText(type) => ("multitext", null),
            _ when type == typeof(string) || type.IsPrimitive || type == typeof(decimal) || type == typeof(DateTimeOffset) || type == typeof(TimeSpan) => ("singleline", null),
            _ => (CodeEditor, "json"),
        };
    }

    private static bool IsList(Type type) => type != typeof(string) && typeof(IEnumerable).IsAssignableFrom(type) && !typeof(JsonObject).IsAssignableFrom(type);

    private static bool IsListOfText(Type type) => typeof(IEnumerable<string>).IsAssignableFrom(type);

    public static string TypeName(Type given)
    {
        var type = Nullable.GetUnderlyingType(given) ?? given;
        return type switch
        {
            _ when type.IsEnum || type == typeof(DateTimeOffset) || type == typeof(TimeSpan) => "String",
            _ when type == typeof(string) || type.IsPrimitive || type == typeof(decimal) => type.Name,
            _ when IsListOfText(type) => "ICollection<String>",
            _ => "Object",
        };
    }
}
