using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
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
        var documents = await DagFolder.ReadAsync(Workflows, Registry(), CancellationToken.None);

        documents.ShouldNotBeEmpty();
        documents.SelectMany(d => d.Problems).ShouldBeEmpty();
    }

    [Fact]
    public void Inputs_of_any_task_type_survive_being_written_into_a_file()
    {
        var registry = Registry();

        foreach (var type in registry.All)
        {
            var inputs = new JsonObject([.. type.Inputs.Where(input => input.Type == typeof(string) || input.Type == typeof(int)).Select(input => KeyValuePair.Create<string, JsonNode?>(
                JsonNamingPolicy.CamelCase.ConvertName(input.Name), input.Type == typeof(int) ? JsonValue.Create(5) : JsonValue.Create("text")))]);
            var dag = new Dag("one-task", "One task", null, new DagSettings(), [], [new DagTask("task", type.Name, "task", inputs, new TaskSettings())], []);

            var activity = DagDocument.Create(dag, "one-task.json", registry).Raw["root"]!["activities"]![0]!;

            activity["version"]!.ToJsonString().ShouldBe($"{type.Version}", type.Name);
            activity["type"]!.GetValue<string>().ShouldBe(type.Name);
            activity["name"]!.GetValue<string>().ShouldBe("task", type.Name);
            activity["id"]!.GetValue<string>().ShouldBe("task", type.Name);
        }
    }

    private static string Workflows => Path.Combine(RepositoryRoot.Path, "workflows");

    private static TaskRegistry Registry()
    {
        var services = new ServiceCollection();
        services.AddEcomPipeline(new PipelineOptions { Home = Path.GetTempPath(), WorkflowsFolder = Workflows, DataVersionsFolder = Path.GetTempPath() });
        return new TaskRegistry(services.Select(s => s.ImplementationInstance).OfType<TaskDescriptor>());
    }
}
