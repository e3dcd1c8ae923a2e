using System.CommandLine;
using EcomWorkflows.Pipeline.Versioning.Exchange;
using EcomWorkflows.Pipeline.Versioning.Keeping;
using EcomWorkflows.Server.Dashboards;

namespace EcomWorkflows.Server.Cli.Datasets;

/// <summary><c>ecom datasets gc</c>.</summary>
internal static class DatasetsGcCommand
{
    private const int ListedFiles = 50;

    private const double DefaultHours = 24;

    public static Command Create()
    {
        var delete = new Option<bool>("--delete") { Description = "Remove it; without this nothing is removed, only listed." };
        var hours = new Option<double>("--older-than") { Description = "Hours that content must have lain unused: a run may be about to version younger content.", DefaultValueFactory = _ => DefaultHours };
        hours.Validators.Add(result =>
        {
            if (result.GetValueOrDefault<double>() < 0)
                result.AddError("--older-than: give hours, 0 or more.");
        });
        var remote = new Option<string?>("--remote") { Description = "Clean a remote in place of the cache: this one, or the one that is set.", Arity = ArgumentArity.ZeroOrOne };
        var connection = DatasetsRemoteCommand.Connection();
        var command = new Command("gc", "Content of the cache, or of a remote, that no version needs. Lists it, unless --delete is given; what any tag or commit points at always stays.") { delete, hours, remote, connection };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DatasetsCommand.OpenAsync(cancellationToken);
            var (olderThan, dryRun) = (TimeSpan.FromHours(parsed.GetValue(hours)), !parsed.GetValue(delete));
            var report = parsed.GetResult(remote) is null
                ? await session.Get<DatasetGarbage>().CollectAsync(olderThan, dryRun, cancellationToken)
                : await session.Get<DatasetRemote>().CollectGarbageAsync(DatasetsRemoteCommand.Named(parsed, remote, connection), olderThan, dryRun, cancellationToken);
            CommandOutput.WriteOne(parsed, report, () => Write(report));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Write(GarbageReport report)
    {
        if (report.Files.Count > 0)
            CommandOutput.WriteTable(["file", "size", "why"], report.Files.Take(ListedFiles).Select(f => new object?[] { f.Path, Show.Size(f.Bytes), f.Reason }));
        if (report.Files.Count > ListedFiles)
            Console.WriteLine($"… and {report.Files.Count - ListedFiles:#,0} files more (--output json lists them all)");
        Console.WriteLine(
            $"{report.Files.Count:#,0} file(s), {Show.Size(report.Bytes)}, {(report.DryRun ? "would be removed (--delete removes them)" : "removed")}; "
            + $"{report.Needed:#,0} needed by versions stay{(report.Young > 0 ? $", and {report.Young:#,0} that are too young to tell" : "")}.");
    }
}
