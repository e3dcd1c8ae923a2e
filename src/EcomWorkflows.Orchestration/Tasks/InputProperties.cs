using System.Reflection;
using System.Text.Json.Serialization.Metadata;

namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>The properties of an inputs or outputs record, with those of a <see cref="TaskInputGroupAttribute"/> in the place of the group.</summary>
internal static class InputProperties
{
    /// <summary>Each property with the group it stands in; null where it is the record's own.</summary>
    public static IEnumerable<(PropertyInfo? Group, PropertyInfo Property)> Of(Type record) => Own(record).SelectMany(property => IsGroup(property)
        ? Own(property.PropertyType).Where(IsInput).Select(member => ((PropertyInfo?)property, member))
        : [(null, property)]);

    /// <summary>Reads and writes the inputs of a group as members of the record's own JSON object.</summary>
    public static void Inline(JsonTypeInfo record)
    {
        if (record.Kind != JsonTypeInfoKind.Object)
            return;
        foreach (var group in record.Properties.Where(property => property.AttributeProvider is { } provider && IsGroup(provider)).ToList())
        {
            record.Properties.Remove(group);
            foreach (var member in record.Options.GetTypeInfo(group.PropertyType).Properties.Where(member => member.AttributeProvider is { } provider && IsInput(provider)))
            {
                var inlined = record.CreateJsonPropertyInfo(member.PropertyType, member.Name);
                inlined.Get = inputs => member.Get!(group.Get!(inputs)!);
                inlined.Set = (inputs, value) => member.Set!(group.Get!(inputs)!, value);
                record.Properties.Add(inlined);
            }
        }
    }

    private static IEnumerable<PropertyInfo> Own(Type record) => record.GetProperties(BindingFlags.Public | BindingFlags.Instance)
        .Where(property => property.GetIndexParameters().Length == 0 && property.Name != "EqualityContract");

    private static bool IsGroup(ICustomAttributeProvider property) => property.IsDefined(typeof(TaskInputGroupAttribute), inherit: true);

    private static bool IsInput(ICustomAttributeProvider property) => property.IsDefined(typeof(TaskInputAttribute), inherit: true);
}
