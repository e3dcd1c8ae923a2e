using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Server.Cli;
using EcomWorkflows.Server.Hosting;
using EcomWorkflows.Testing;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Files;

public class ShippedFilesTests
{
    private static readonly string Workflows = Path.Combine(RepositoryRoot.Path, "workflows");

    private static readonly TaskRegistry Registry = new(new ServiceCollection()
        .AddEcom(new EnvironmentSettings(Path.GetTempPath(), null, EnvironmentSettings.DefaultUrls, RepositoryRoot.Path), "Host=nowhere")
        .Select(service => service.ImplementationInstance).OfType<TaskDescriptor>());

    public static TheoryData<string> Files => [.. Directory.EnumerateFiles(Workflows, "*.json").Select(file => Path.GetFileName(file))];

    [Theory]
    [MemberData(nameof(Files))]
    public async Task Opening_in_studio_editing_every_value_and_saving_keeps_the_dag(string file)
    {
        var document = await DagFolder.ReadFileAsync(Path.Combine(Workflows, file), Registry, CancellationToken.None);
        document.Problems.ShouldBeEmpty();
        var hash = DagHash.Compute(document.Dag!);
        var shown = StudioForm.ForStudio(document.Raw, new DefinitionInfo { DagId = document.Dag!.DagId, Version = 1, Name = document.Dag.Name }, Registry);

        Touch(shown["root"]!.AsObject());
        var saved = DagDocument.Of(StudioForm.ForStorage(shown, document.Dag.DagId, document.Raw), file, Registry);

        saved.Problems.ShouldBeEmpty();
        DagHash.Compute(saved.Dag!).ShouldBe(hash);
        var exported = FileForm.Write(saved.Raw, Registry);
        exported.ShouldBe(FileForm.Write(document.Raw, Registry), "only the order and form of values were changed");
        DagHash.Compute(DagDocument.Parse(exported, file, Registry).Dag!).ShouldBe(hash);
    }

    [Theory]
    [MemberData(nameof(Files))]
    public async Task The_shipped_file_is_in_the_form_an_export_writes(string file)
    {
        var text = await File.ReadAllTextAsync(Path.Combine(Workflows, file));

        FileForm.Write(JsonNode.Parse(text)!.AsObject(), Registry).ShouldBe(text, "write it with: ./ecom dags export <dag>");
    }

    /// <summary>Every value comes back as text without its type, lists in another order, sizes as the browser measured them; groups too.</summary>
    private static void Touch(JsonObject activity)
    {
        foreach (var (_, value) in activity.Where(member => member.Value is JsonObject json && json["expression"] is JsonObject).ToList())
        {
            value!["typeName"] = null;
            value["memoryReference"] = null;
            var expression = value["expression"]!;
            if (expression["value"] is JsonValue scalar)
                expression["value"] = scalar.TryGetValue<bool>(out var truth) ? truth.ToString() : scalar.ToString();
        }
        if (activity["metadata"]?["designer"] is JsonObject designer)
            designer["size"] = new JsonObject { ["width"] = 148.859375, ["height"] = 54 };
        foreach (var list in new[] { "activities", "connections" })
        {
            if (activity[list] is JsonArray items)
                activity[list] = new JsonArray([.. items.Reverse().Select(item => item!.DeepClone())]);
        }
        foreach (var child in activity["activities"] as JsonArray ?? [])
            Touch(child!.AsObject());
    }
}
