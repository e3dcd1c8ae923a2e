using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Api;

public class ShippedDagsTests
{
    [Fact]
    public async Task Every_shipped_dag_fits_the_task_types_of_this_program()
    {
        var workflows = Path.Combine(RepositoryRoot.Path, "workflows");
        var services = new ServiceCollection();
        services.AddEcomPipeline(new PipelineOptions { Home = Path.GetTempPath(), WorkflowsFolder = workflows, DataVersionsFolder = Path.GetTempPath() });
        var registry = new TaskRegistry(services.Select(s => s.ImplementationInstance).OfType<TaskDescriptor>());

        var documents = await DagFolder.ReadAsync(workflows, registry, CancellationToken.None);

        documents.ShouldNotBeEmpty();
        documents.SelectMany(d => d.Problems).ShouldBeEmpty();
    }
}
