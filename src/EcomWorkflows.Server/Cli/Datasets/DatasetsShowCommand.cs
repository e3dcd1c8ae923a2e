using System.CommandLine;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Server.Dashboards;

namespace EcomWorkflows.Server.Cli.Datasets;

/// <summary><c>ecom datasets show VERSION</c>.</summary>
internal static class DatasetsShowCommand
{
    private const int ListedFiles = 20;

    public static Command Create()
    {
        var word = DatasetsCommand.Version();
        var command = new Command("show", "The manifest of a version: source, run, validation, schema, statistics of each column, files.") { word };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DatasetsCommand.OpenAsync(cancellationToken);
            var versions = session.Get<DatasetVersions>();
            var version = await versions.ResolveAsync(parsed.GetRequiredValue(word), cancellationToken);
            var manifest = await versions.ReadManifestAsync(version, cancellationToken);
            CommandOutput.WriteOne(parsed, manifest, () => Write(version, manifest));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(DatasetVersion version, DatasetManifest manifest)
    {
        Console.WriteLine($"{manifest.Tag}  {manifest.ChangeNote}");
        CommandOutput.WriteTable(
            ["", ""],
            [
                ["dataset", manifest.Dataset],
                ["parent", manifest.Parent ?? "none: the first version"],
                ["made", $"{CommandOutput.Show(manifest.CreatedAt)} UTC, {manifest.CreatedBy}"],
                ["source", manifest.Source],
                ["content", $"{manifest.Rows:#,0} rows in {manifest.Files.Count:#,0} file(s), {Show.Size(manifest.Size)}"],
                ["md5", manifest.Md5],
                ["sha256", manifest.Sha256],
                ["commit", version.CommitSha],
                .. manifest.Validation.Select(v => new object?[] { "validation", $"{v.Entity}: {v.Outcome}, {v.RowsQuarantined:#,0} of {v.RowsRead:#,0} rows quarantined (suite {v.Suite})" }),
            ]);
        foreach (var table in manifest.Tables)
        {
            Console.WriteLine($"{table.Name}: {table.Rows:#,0} rows{(table.Key is { Count: > 0 } key ? $", key {string.Join(", ", key)}" : "")}");
            CommandOutput.WriteTable(
                ["column", "type", "nulls", "distinct", "min", "max", "mean", "std"],
                table.Columns.Select(c => new object?[]
                {
                    c.Name, c.Type, c.Statistics is { } s ? $"{s.NullRate:P1}" : null, c.Statistics?.Distinct, c.Statistics?.Min, c.Statistics?.Max,
                    c.Statistics?.Mean is { } mean ? $"{mean:G6}" : null, c.Statistics?.StandardDeviation is { } deviation ? $"{deviation:G6}" : null,
                }));
        }
        CommandOutput.WriteTable(
            ["file", "rows", "size", "md5"],
            manifest.Files.Take(ListedFiles).Select(f => new object?[] { f.RelativePath, f.Rows, Show.Size(f.Bytes), f.Md5 }));
        if (manifest.Files.Count > ListedFiles)
            Console.WriteLine($"… and {manifest.Files.Count - ListedFiles:#,0} files more (--output json lists them all)");
    }
}
