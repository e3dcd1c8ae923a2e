using System.Text.Json;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Api.Descriptors;

/// <summary>Descriptors of all task types, made from their attributes; made anew only when a live registry has other choices.</summary>
internal sealed class DescriptorCatalog(TaskRegistry registry, LiveOptions options)
{
    /// <summary>Settings of every task stand below a type's own inputs.</summary>
    private const double FirstSetting = 100;

    private volatile Made? last;

    public async Task<CompressedJson> AllAsync(CancellationToken cancellationToken)
    {
        var choices = await options.AllAsync(cancellationToken);
        var key = JsonSerializer.Serialize(choices);
        if (last is { } made && made.Key == key)
            return made.Json;
        var descriptors = Describe(choices);
        var json = new CompressedJson(JsonSerializer.SerializeToUtf8Bytes(new { Items = descriptors, descriptors.Count }, ElsaJson.Options));
        last = new Made(key, json);
        return json;
    }

    /// <summary>The property behind a field of an activity; null where there is none.</summary>
    public TaskPropertyDescriptor? Property(string typeName, string name) =>
        SettingProperties.Of(typeName, registry).FirstOrDefault(property => string.Equals(property.Name, name, StringComparison.OrdinalIgnoreCase));

    private List<ActivityDescriptor> Describe(IReadOnlyDictionary<string, IReadOnlyList<Option>> choices) =>
    [
        new ActivityDescriptor(
            ElsaMembers.FlowchartType, 1, "Structure", "Task group", "Tasks that belong together; a double click opens it. The fields below are settings of the whole DAG and count on its root only.")
        {
            Inputs = Inputs(SettingProperties.OfDags, choices, first: 1),
            Ports = [new Port(DagEdge.DonePort)],
            IsContainer = true,
        },
        new ActivityDescriptor(ElsaMembers.NotFoundType, 1, "Structure", "Unknown activity", "Stands for an activity of a type this program does not know; it is kept as it was.")
        {
            IsBrowsable = false,
        },
        .. registry.All.OrderBy(type => type.Category, StringComparer.Ordinal).ThenBy(type => type.Name, StringComparer.Ordinal).Select(type => Describe(type, choices)),
    ];

    private static ActivityDescriptor Describe(TaskDescriptor type, IReadOnlyDictionary<string, IReadOnlyList<Option>> choices) =>
        new(type.Name, type.Version, type.Category, type.DisplayName, type.Description)
        {
            Inputs =
            [
                .. type.Inputs.Select((property, index) => InputEditor.Describe(
                    property, index + 1, Choices(property, choices), property.Name == type.DynamicPortsInput ? PortNames(type) : null)),
                .. Inputs(SettingProperties.OfTasks, choices, FirstSetting),
            ],
            Outputs = [.. type.Outputs.Select((output, index) => new OutputDescriptor(output.Name, InputEditor.TypeName(output.Type), output.DisplayName, output.Description, index + 1))],
            Ports = [.. PortNames(type).Select(name => new Port(name))],
        };

    private static IReadOnlyList<string> PortNames(TaskDescriptor type) => [.. type.Ports.Append(DagEdge.DonePort).Distinct()];

    private static IReadOnlyList<InputDescriptor> Inputs(IEnumerable<TaskPropertyDescriptor> properties, IReadOnlyDictionary<string, IReadOnlyList<Option>> choices, double first) =>
        [.. properties.Select((property, index) => InputEditor.Describe(property, first + index, property.OptionsFrom is { } source ? choices.GetValueOrDefault(source) ?? [] : null))];

    /// <summary>An input of a task may also come from the run's parameters, by convention from the one of its own name.</summary>
    private static IReadOnlyList<Option>? Choices(TaskPropertyDescriptor property, IReadOnlyDictionary<string, IReadOnlyList<Option>> choices)
    {
        if (property.OptionsFrom is not { } source)
            return null;
        var parameter = Json.CamelCase(property.Name);
        return [.. choices.GetValueOrDefault(source) ?? [], new Option($"the run's parameter '{parameter}'", $"{{{{ params.{parameter} }}}}")];
    }

    private sealed record Made(string Key, CompressedJson Json);
}
