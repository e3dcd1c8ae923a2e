using System.Text.Json;
using EcomWorkflows.Bench;
using Spectre.Console;

var name = args.FirstOrDefault(a => !a.StartsWith("--", StringComparison.Ordinal));
if (name != "pipeline")
{
    Console.Error.WriteLine($"ecom bench: {(name is null ? "name a benchmark" : $"there is no benchmark '{name}'")}. Benchmarks: pipeline.");
    return 2;
}
var asJson = args is [.., "--output", "json"] || args.Contains("--output=json");
var results = await new PipelineBenchmark(FindRepository()).RunAsync(CancellationToken.None);
if (asJson)
{
    Console.WriteLine(JsonSerializer.Serialize(results, BenchJson.Options));
}
else
{
    var table = new Table().AddColumns("figure", "value", "reference", "its value", "ratio", "goal", "met");
    foreach (var r in results)
        table.AddRow(r.Name, $"{r.Value:0.0} {r.Unit}", r.Reference ?? "", r.ReferenceValue is { } v ? $"{v:0.0} {r.Unit}" : "", $"{r.Ratio:0.00}", r.Goal ?? "", r.Met switch { true => "yes", false => "NO", null => "" });
    AnsiConsole.Write(table);
}
return results.Any(r => r.Met == false) ? 1 : 0;

static string FindRepository()
{
    for (var folder = new DirectoryInfo(AppContext.BaseDirectory); folder is not null; folder = folder.Parent)
    {
        if (File.Exists(Path.Combine(folder.FullName, "EcomWorkflows.sln")))
            return folder.FullName;
    }
    throw new DirectoryNotFoundException($"No EcomWorkflows.sln above {AppContext.BaseDirectory}: run the benchmark from a build inside the repository.");
}
