using System.CommandLine;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Pipeline.Versioning.Keeping;
using EcomWorkflows.Server.Dashboards;

namespace EcomWorkflows.Server.Cli.Datasets;

/// <summary><c>ecom datasets checkout VERSION</c>.</summary>
internal static class DatasetsCheckoutCommand
{
    public static Command Create()
    {
        var word = DatasetsCommand.Version();
        var to = new Option<string?>("--to") { Description = "Folder for the files; by default their place in data-versions/, where dvc checkout puts them." };
        var force = new Option<bool>("--force") { Description = "Replace files at the place that no version has." };
        var command = new Command("checkout", "Put the files of a version in place, byte for byte, all of them or none.") { word, to, force };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DatasetsCommand.OpenAsync(cancellationToken);
            var versions = session.Get<DatasetVersions>();
            var version = await versions.ResolveAsync(parsed.GetRequiredValue(word), cancellationToken);
            var manifest = await versions.ReadManifestAsync(version, cancellationToken);
            var place = parsed.GetValue(to) is { } folder ? Path.GetFullPath(folder) : null;
            var done = await session.Get<DatasetCheckout>().RunAsync(version, manifest, place, parsed.GetValue(force), cancellationToken);
            CommandOutput.WriteOne(parsed, done, () => Console.WriteLine($"{done.Tag}: {done.Files:#,0} file(s), {Show.Size(done.Bytes)}, in {done.Path}"));
            return ExitCode.Done;
        });
        return command;
    }
}
