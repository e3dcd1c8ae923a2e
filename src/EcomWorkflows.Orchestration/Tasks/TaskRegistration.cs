using System.Reflection;
using System.Runtime.CompilerServices;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>Registers task types with the service collection.</summary>
public static class TaskRegistration
{
    /// <summary>Makes a task class usable in DAGs under the name its <see cref="TaskTypeAttribute"/> gives.</summary>
    /// <exception cref="ArgumentException">The class has no <see cref="TaskTypeAttribute"/> or is no <see cref="ITask{TInputs,TOutputs}"/>.</exception>
    public static IServiceCollection AddTask<TTask>(this IServiceCollection services)
        where TTask : class
    {
        services.AddTransient<TTask>();
        services.AddSingleton(Describe(typeof(TTask)));
        return services;
    }

    /// <summary>Reads the attributes of a task class.</summary>
    public static TaskDescriptor Describe(Type taskClass)
    {
        var type = taskClass.GetCustomAttribute<TaskTypeAttribute>()
            ?? throw new ArgumentException($"{taskClass} has no [TaskType] attribute.", nameof(taskClass));
        var contract = Array.Find(taskClass.GetInterfaces(), i => i.IsGenericType && i.GetGenericTypeDefinition() == typeof(ITask<,>))
            ?? throw new ArgumentException($"{taskClass} does not implement ITask<TInputs, TOutputs>.", nameof(taskClass));
        var (inputs, outputs) = (contract.GenericTypeArguments[0], contract.GenericTypeArguments[1]);
        return new TaskDescriptor(
            type.Name, type.Version, type.DisplayName, type.Category, type.Description,
            Properties(inputs, withDefaults: true), Properties(outputs, withDefaults: false), taskClass, inputs, outputs)
        {
            Ports = type.Ports,
            DynamicPortsInput = type.DynamicPortsInput,
        };
    }

    /// <summary>Reads the properties of an inputs or outputs record and their attributes.</summary>
    public static IReadOnlyList<TaskPropertyDescriptor> Properties(Type record, bool withDefaults)
    {
        var defaults = withDefaults ? RuntimeHelpers.GetUninitializedObject(record) : null;
        if (withDefaults && record.GetConstructor(Type.EmptyTypes) is { } constructor)
            defaults = constructor.Invoke(null);
        return [.. InputProperties.Of(record)
            .Select(one =>
            {
                var (group, p) = one;
                var owner = group is null || defaults is null ? defaults : group.GetValue(defaults);
                var described = p.GetCustomAttribute<TaskInputAttribute>();
                var required = p.GetCustomAttribute<RequiredMemberAttribute>() is not null;
                return new TaskPropertyDescriptor(
                    p.Name, p.PropertyType, described?.DisplayName ?? Words(p.Name), described?.Description ?? "", required,
                    required || owner is null ? null : p.GetValue(owner), described?.UiHint, described?.OptionsFrom,
                    described?.Options ?? [], described?.Sensitive ?? false) { NoTemplates = described?.NoTemplates ?? false, Range = described?.Range };
            })];
    }

    private static string Words(string name) =>
        string.Concat(name.Select((c, i) => i > 0 && char.IsUpper(c) && !char.IsUpper(name[i - 1]) ? " " + char.ToLowerInvariant(c) : c.ToString()));
}
