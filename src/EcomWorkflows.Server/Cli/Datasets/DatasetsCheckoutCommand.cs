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
        var lake = new Option<bool>("--lake") { Description = "Make the tables of the version the lake's current content again, in place of writing files for people." };
        var command = new Command("checkout", "Put the files of a version in place, byte for byte, all of them or none; or restore its tables in the lake.") { word, to, force, lake };
        command.Validators.Add(result =>
        {
            if (result.GetValue(lake) && (result.GetValue(to) is not null || result.GetValue(force)))
                result.AddError("--lake goes without --to and --force: it adds a snapshot to each table and overwrites nothing.");
        });
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DatasetsCommand.OpenAsync(cancellationToken);
            var versions = session.Get<DatasetVersions>();
            var version = await versions.ResolveAsync(parsed.GetRequiredValue(word), cancellationToken);
            var manifest = await versions.ReadManifestAsync(version, cancellationToken);
            if (parsed.GetValue(lake))
            {
                var tables = await session.Get<LakeRestore>().RunAsync(version, manifest, CommandSession.Actor, cancellationToken);
                CommandOutput.Write(parsed, tables, ("table", t => t.Table), ("snapshot", t => t.SnapshotId), ("rows", t => t.Rows), ("files", t => t.Files), ("bytes", t => t.Bytes), ("", t => t.IsNew ? "restored" : "had this content already"));
                return ExitCode.Done;
            }
            var place = parsed.GetValue(to) is { } folder ? Path.GetFullPath(folder) : null;
            var done = await session.Get<DatasetCheckout>().RunAsync(version, manifest, place, parsed.GetValue(force), cancellationToken);
            CommandOutput.WriteOne(parsed, done, () => Console.WriteLine($"{done.Tag}: {done.Files:#,0} file(s), {Show.Size(done.Bytes)}, in {done.Path}"));
            return ExitCode.Done;
        });
        return command;
    }
}
