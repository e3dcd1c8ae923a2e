using EcomWorkflows.Orchestration.Tasks;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.TestKit;

/// <summary>Puts a fault point before every registered task type.</summary>
internal static class FaultPoints
{
    public static void Insert(IServiceCollection services)
    {
        foreach (var registered in services.Where(s => s.ServiceType == typeof(TaskDescriptor)).ToList())
        {
            if (registered.ImplementationInstance is not TaskDescriptor descriptor)
                continue;
            var faulty = typeof(FaultyTask<,,>).MakeGenericType(descriptor.TaskClass, descriptor.InputsRecord, descriptor.OutputsRecord);
            services.AddTransient(faulty);
            services.Remove(registered);
            services.AddSingleton(descriptor with { TaskClass = faulty });
        }
    }
}
