using System.Text.Json;
using EcomWorkflows.Bench;
using EcomWorkflows.Bench.Api;
using EcomWorkflows.Bench.Ingest;
using EcomWorkflows.Bench.Datasets;
using EcomWorkflows.Bench.Features;
using EcomWorkflows.Bench.Orchestrator;
using EcomWorkflows.Bench.Quality;
using EcomWorkflows.Bench.Training;
using Spectre.Console;

var benchmarks = new Dictionary<string, Func<Task<IReadOnlyList<BenchResult>>>>
{
    ["pipeline"] = () => new PipelineBenchmark(FindRepository()).RunAsync(CancellationToken.None),
    ["ingest"] = () => new IngestBenchmark(FindRepository(), isShort: args.Contains("--short")).RunAsync(CancellationToken.None),
    ["orchestrator"] = () => new OrchestratorBenchmark().RunAsync(CancellationToken.None),
    ["quality"] = () => new QualityBenchmark().RunAsync(CancellationToken.None),
    ["training"] = () => new TrainingBenchmark(FindRepository()).RunAsync(CancellationToken.None),
    ["scoring"] = () => new ScoringBenchmark(new Twins(FindRepository())).RunAsync(CancellationToken.None),
    ["datasets"] = () => new DatasetsBenchmark().RunAsync(CancellationToken.None),
    ["features"] = () => new FeatureBenchmark().RunAsync(CancellationToken.None),
    ["api"] = () => new ApiBenchmark().RunAsync(CancellationToken.None),
};
var name = args.FirstOrDefault(a => !a.StartsWith("--", StringComparison.Ordinal)) ?? "";
if (!benchmarks.TryGetValue(name, out var benchmark))
{
    Console.Error.WriteLine($"ecom bench: {(name.Length == 0 ? "name a benchmark" : $"there is no benchmark '{name}'")}. Benchmarks: {string.Join(", ", benchmarks.Keys)}.");
    return 2;
}
var asJson = args is [.., "--output", "json"] || args.Contains("--output=json");
var results = await benchmark();
if (asJson)
{
    Console.WriteLine(JsonSerializer.Serialize(results, BenchJson.Options));
}
else
{
    var table = new Table().AddColumns("figure", "value", "reference", "its value", "ratio", "goal", "met");
    foreach (var r in results)
        table.AddRow(r.Name, $"{Show(r.Value)} {r.Unit}", r.Reference ?? "", r.ReferenceValue is { } v ? Show(v) : "", r.Ratio is { } ratio ? $"{ratio:0.00}" : "", r.Goal ?? "", r.Met switch { true => "yes", false => "NO", null => "" });
    AnsiConsole.Write(table);
}
return results.Any(r => r.Met == false) ? 1 : 0;

static string Show(double value) => Math.Abs(value) < 10 ? $"{value:0.00}" : $"{value:#,0.0}";

static string FindRepository()
{
    for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
    {
        if (File.Exists(Path.Combine(folder.FullName, "EcomWorkflows.sln")))
            return folder.FullName;
    }
    throw new DirectoryNotFoundException($"No EcomWorkflows.sln above {AppContext.BaseDirectory}: run the benchmark from a build inside the repository.");
}
