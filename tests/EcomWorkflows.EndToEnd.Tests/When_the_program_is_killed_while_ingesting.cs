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

    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(3);

    [Fact]
    public async Task The_next_try_makes_the_same_raw_file_and_the_same_rows_and_only_once()
    {
        using var program = new EcomProgram();
        var file = Path.Combine(program.Home, "events.csv");
        WriteEvents(file);
        var lake = Path.Combine(program.Home, "lake");

        // While it is copied, while it is parsed, and when it is done.
        await KillWhenAsync(program, file, () => Exists(lake, "raw", "*"));
        await KillWhenAsync(program, file, () => Exists(lake, "bronze", "*.parquet*"));
        using (var last = program.Start("demo", "--exit", "--source", "retailrocket", "--file", file))
        {
            var output = Task.WhenAll(last.StandardOutput.ReadToEndAsync(), last.StandardError.ReadToEndAsync());
            await program.WaitForRowAsync("select 1 from orchestration.task_instance where task_id = 'ingest_events' and state = 'success'");
            last.Kill();
            await last.WaitForExitAsync();
            await output;
        }

        var raw = (await program.QueryAsync("select path from lake.raw_file")).ShouldHaveSingleItem()!;
        var copied = Path.Combine(lake, raw["path"]!.GetValue<string>());
        File.ReadAllBytes(copied).AsSpan().SequenceEqual(File.ReadAllBytes(file)).ShouldBeTrue();
        var bronze = (await program.QueryAsync("select f.path, f.rows from lake.file f join lake.snapshot s using (snapshot_id) where s.layer = 'bronze' and s.name = 'events'")).ShouldHaveSingleItem()!;
        bronze["rows"]!.GetValue<long>().ShouldBe(Rows);
        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        duck.QueryRows(
            $"select count(*), count(distinct _line), bool_and(_line = visitorid + 1), sum(itemid)::bigint from read_parquet({DuckDbSql.Literal(Path.Combine(lake, bronze["path"]!.GetValue<string>()))}, hive_partitioning = false)",
            row => (row.GetValue(0), row.GetValue(1), row.GetValue(2), row.GetValue(3))).ShouldHaveSingleItem().ShouldBe(((object)(long)Rows, (object)(long)Rows, (object)true, (object)((long)Rows * (Rows + 1) * 7 / 2)));
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
        var watch = Stopwatch.StartNew();
        while (!isSo() && !process.HasExited && watch.Elapsed < Patience)
            await Task.Delay(2);
        var seen = isSo();
        process.Kill();
        await process.WaitForExitAsync();
        seen.ShouldBeTrue(string.Concat(await output));
    }

    private static bool Exists(string lake, string layer, string pattern)
    {
        var start = Path.Combine(lake, layer);
        return Directory.Exists(start) && Directory.EnumerateFiles(start, pattern, SearchOption.AllDirectories).Any();
    }
}
