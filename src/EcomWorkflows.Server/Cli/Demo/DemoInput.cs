using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Simulation;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Server.Hosting;

namespace EcomWorkflows.Server.Cli.Demo;

/// <summary>Whose data a demo runs on, checked before anything is started.</summary>
/// <param name="File">Absolute path of the data file; empty for a source that knows its own files.</param>
/// <param name="Scale">Size of the simulated shop; null where the data is real.</param>
internal sealed record DemoInput(string Source, string File, SimulationScale? Scale, ulong Seed)
{
    public const string SimulatedShop = "shop";

    private const string FilePlaceholder = "{file}";

    /// <summary>The run's parameters.</summary>
    public JsonObject Params => new() { ["source"] = Source, ["file"] = File };

    /// <exception cref="CliException">An unknown source, a missing file, or options that do not belong together.</exception>
    public static DemoInput Check(EnvironmentSettings settings, string source, string? file, SimulationScale? scale, ulong? seed)
    {
        var mapping = Mapping(settings, source);
        var readsFile = mapping.Entities.Values.Any(entity => entity.Location?.Contains(FilePlaceholder, StringComparison.Ordinal) == true);
        if (readsFile && file is null)
            throw new CliException(ExitCode.Usage, $"The source '{source}' reads a file: add --file PATH.");
        if (!readsFile && file is not null)
            throw new CliException(ExitCode.Usage, $"The source '{source}' knows its own files: leave --file out.");
        if (source != SimulatedShop && (scale is not null || seed is not null))
            throw new CliException(ExitCode.Usage, $"--scale and --seed are for the simulated shop; '{source}' is real data.");
        if (file is not null && !System.IO.File.Exists(file))
            throw new CliException(ExitCode.Usage, $"There is no file {Path.GetFullPath(file)}.");

        var simulated = source == SimulatedShop;
        return new DemoInput(
            source, file is null ? "" : Path.GetFullPath(file), simulated ? scale ?? SimulationScale.Small : null, seed ?? DemoShop.DefaultSeed);
    }

    /// <summary>Makes the simulated shop's exports, unless they are there already.</summary>
    public async Task PrepareAsync(EnvironmentSettings settings, TimeProvider time, CancellationToken cancellationToken)
    {
        if (Scale is { } scale)
            await SimulationProgress.RunAsync(progress => DemoShop.EnsureAsync(settings.Home, scale, Seed, time, progress, cancellationToken));
    }

    private static SourceMapping Mapping(EnvironmentSettings settings, string source)
    {
        try
        {
            return new SourceCatalog(EcomServices.PipelineOptions(settings)).Get(source);
        }
        catch (TaskFailedException unusable)
        {
            throw new CliException(ExitCode.Usage, unusable.Message);
        }
    }
}
