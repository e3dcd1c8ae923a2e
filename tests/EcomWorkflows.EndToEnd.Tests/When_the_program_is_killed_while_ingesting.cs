using System.Diagnostics;
using System.Globalization;
using System.Text;
using EcomWorkflows.DuckDB;
using Shouldly;
using Xunit;

namespace EcomWorkflows.EndToEnd.Tests;

public sealed class When_the_program_is_killed_while_ingesting
{
    private const int Rows = 1_000_000;

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(5);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(2);

    [Fact]
    public async Task The_next_try_makes_the_same_raw_file_and_the_same_rows_and_only_once()
    {
        using var program = new EcomProgram();
        var file = Path.Combine(program.Home, "events.csv");
        WriteEvents(file);
        var lake = Path.Combine(program.Home, "lake");

        // While the file is copied, while its rows are written, and when they are published and are being validated.
        await KillWhenAsync(program, file, () => HasFile(Path.Combine(lake, "raw")));
        await KillWhenAsync(program, file, () => HasFile(Path.Combine(lake, "bronze", "retailrocket", "events")));
        await KillWhenAsync(program, file, () => Directory.Exists(Path.Combine(lake, "quarantine", "retailrocket", "events")));

        var raw = (await program.QueryAsync("select path, rows from lake.raw_file where entity = 'events'")).ShouldHaveSingleItem()!;
        raw["rows"]!.GetValue<long>().ShouldBe(Rows);
        File.ReadAllBytes(Path.Combine(lake, raw["path"]!.GetValue<string>())).AsSpan().SequenceEqual(File.ReadAllBytes(file)).ShouldBeTrue();

        var bronze = (await program.QueryAsync(
            "select f.path, f.rows from lake.file f join lake.snapshot s using (snapshot_id) where s.layer = 'bronze' and s.name = 'events'")).ShouldHaveSingleItem()!;
        bronze["rows"]!.GetValue<long>().ShouldBe(Rows);
        var written = DuckDbSql.Literal(Path.Combine(lake, bronze["path"]!.GetValue<string>()));
        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        duck.QueryRows(
            $"""
            select count(*), count(distinct _line), bool_and(_line = visitorid + 1 and itemid = visitorid * 7), bool_and(_file = 'events.csv')
            from read_parquet({written}, hive_partitioning = false)
            """,
            row => (row.Get<long>(0), row.Get<long>(1), row.Get<bool>(2), row.Get<bool>(3))).ShouldHaveSingleItem().ShouldBe((Rows, Rows, true, true));
    }

    private static void WriteEvents(string path)
    {
        using var text = new StreamWriter(path, append: false, new UTF8Encoding(false));
        text.Write("timestamp,visitorid,event,itemid,transactionid\n");
        for (var row = 1; row <= Rows; row++)
            text.Write(string.Create(CultureInfo.InvariantCulture, $"{1_433_221_332_117L + row},{row},view,{row * 7L},\n"));
    }

    /// <summary>Starts the demo on the file and kills it (SIGKILL) as soon as something is so.</summary>
    private static async Task KillWhenAsync(EcomProgram program, string file, Func<bool> isSo)
    {
        using var process = program.Start("demo", "--exit", "--source", "retailrocket", "--file", file);
        var output = Task.WhenAll(process.StandardOutput.ReadToEndAsync(), process.StandardError.ReadToEndAsync());
        using var timer = new PeriodicTimer(PollInterval);
        var watch = Stopwatch.StartNew();
        while (!isSo() && !process.HasExited && watch.Elapsed < Patience)
            await timer.WaitForNextTickAsync();
        var seen = isSo();
        process.Kill();
        await process.WaitForExitAsync();
        seen.ShouldBeTrue(string.Concat(await output));
    }

    private static bool HasFile(string folder) => Directory.Exists(folder) && Directory.EnumerateFiles(folder, "*", SearchOption.AllDirectories).Any();
}
