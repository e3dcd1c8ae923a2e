using System.CommandLine;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Ingestion.Retention;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom lake</c>: tables, their snapshots, and what nobody needs any more.</summary>
internal static class LakeCommand
{
    private const int DefaultHours = 24;

    public static Command Create() => new("lake", "The lake: its tables, their snapshots, retention and garbage.") { Tables(), Snapshots(), Gc(), ExpireRaw() };

    private static Command Tables()
    {
        var command = new Command("tables", "Every table with its current content.");
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            CommandOutput.Write(
                parsed, await session.Get<LakeStore>().SummariesAsync(cancellationToken),
                ("table", table => table.Name), ("rows", table => table.Rows), ("bytes", table => table.Bytes), ("files", table => table.Files),
                ("snapshots", table => table.Snapshots), ("snapshot", table => table.SnapshotId), ("published", table => table.CreatedAt), ("interval to", table => table.DataIntervalEnd), ("run", table => table.RunId));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Snapshots()
    {
        var name = new Argument<string>("table") { Description = "Name of a table, for example bronze.shop.events." };
        var limit = new Option<int>("--limit", "-n") { Description = "At most so many.", DefaultValueFactory = _ => 20 };
        var command = new Command("snapshots", "The snapshots of a table, newest first, with their files.") { name, limit };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var lake = session.Get<LakeStore>();
            var table = (await lake.TablesAsync(cancellationToken)).Cast<LakeTableName?>().FirstOrDefault(t => $"{t}" == parsed.GetRequiredValue(name))
                ?? throw new NotFoundException($"There is no lake table '{parsed.GetRequiredValue(name)}'. See ./ecom lake tables.");
            CommandOutput.Write(
                parsed, await lake.HistoryAsync(table, cancellationToken, parsed.GetValue(limit)),
                ("snapshot", s => s.SnapshotId), ("published", s => s.CreatedAt), ("interval from", s => s.DataIntervalStart), ("interval to", s => s.DataIntervalEnd),
                ("rows", s => s.Rows), ("bytes", s => s.Bytes), ("files", s => s.Files.Count), ("run", s => s.RunId), ("attempt", s => s.AttemptId));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Gc()
    {
        var olderThan = new Option<double>("--older-than-hours") { Description = "Leave younger files alone, beside those that attempts which have not ended may still publish: these always stay.", DefaultValueFactory = _ => DefaultHours };
        var expire = new Option<int?>("--expire-days") { Description = "Also let snapshots expire that are older than so many days." };
        var keep = new Option<int>("--keep") { Description = "With --expire-days: newest snapshots of each table that stay whatever their age.", DefaultValueFactory = _ => 10 };
        var delete = new Option<bool>("--delete") { Description = "Really delete; without it, only what would be deleted is shown." };
        var command = new Command("gc", "Files that no snapshot names, and with --expire-days old snapshots; a dry run unless --delete is given.") { olderThan, expire, keep, delete };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (parsed.GetValue(olderThan) < 0 || parsed.GetValue(expire) < 0 || parsed.GetValue(keep) < 1)
                throw new CliException(ExitCode.Usage, "--older-than-hours and --expire-days are 0 or more, --keep is 1 or more.");
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var retention = parsed.GetValue(expire) is { } days ? new LakeRetention(TimeSpan.FromDays(days), parsed.GetValue(keep)) : null;
            var isReal = parsed.GetValue(delete);
            var found = await session.Get<LakeStore>().CollectGarbageAsync(TimeSpan.FromHours(parsed.GetValue(olderThan)), retention, dryRun: !isReal, cancellationToken);
            CommandOutput.WriteOne(parsed, found, () =>
            {
                CommandOutput.WriteTable(["file", "bytes", "in"], found.Files.Select(file => new object?[] { file.Path, file.Bytes, file.Place }));
                Console.WriteLine(
                    $"{(isReal ? "Deleted" : "Would delete")} {found.Files.Count} files of {found.Files.Sum(file => file.Bytes):N0} bytes and {found.Snapshots} snapshots.{(isReal ? "" : " Add --delete to do it.")}");
                if (found.InUse.Count > 0)
                    Console.WriteLine($"Left alone: {found.InUse.Count} files of {found.InUse.Sum(file => file.Bytes):N0} bytes that nothing names either, but that may still be published (docs/lake.md, Garbage).");
            });
            return ExitCode.Done;
        });
        return command;
    }

    private static Command ExpireRaw()
    {
        var needed = new Option<bool>("--also-needed") { Description = "Also what a bronze table, quarantined rows or a dataset version still need." };
        var delete = new Option<bool>("--delete") { Description = "Really delete; without it, only what would be deleted is shown." };
        var command = new Command("expire-raw", "Raw files older than \"keepRawDays\" of their entity in the source mapping; a dry run unless --delete is given.") { needed, delete };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var isReal = parsed.GetValue(delete);
            var found = await session.Get<RawRetention>().ApplyAsync(
                dryRun: !isReal, parsed.GetValue(needed), problem => Console.Error.WriteLine($"Passed over, its raw files stay: {problem}"), cancellationToken);
            CommandOutput.WriteOne(parsed, found, () =>
            {
                CommandOutput.WriteTable(
                    ["file", "bytes", "came last", "kept days", "still needed by", "goes"],
                    found.Select(file => new object?[] { file.Path, file.Bytes, file.LastIngested, file.KeepDays, string.Join(", ", file.NeededBy), file.Goes ? "yes" : "no" }));
                var goes = found.Where(file => file.Goes).ToList();
                Console.WriteLine(
                    $"{(isReal ? "Deleted" : "Would delete")} {goes.Count} of {found.Count} raw files that are too old, {goes.Sum(file => file.Bytes):N0} bytes.{(isReal ? "" : " Add --delete to do it.")}");
            });
            return ExitCode.Done;
        });
        return command;
    }
}
