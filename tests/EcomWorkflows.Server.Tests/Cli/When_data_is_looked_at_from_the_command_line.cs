using System.Text.Json.Nodes;
using EcomWorkflows.Server.Cli;
using EcomWorkflows.Server.Tests.Cli.Datasets;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Cli;

/// <summary>The real program: <c>sources</c>, <c>lake</c> and <c>quality</c> on a home without data.</summary>
public sealed class When_data_is_looked_at_from_the_command_line(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IDisposable
{
    private readonly DatasetProgram program = new(postgres.ConnectionString);

    [Fact]
    public async Task Sources_are_listed_and_a_mapping_and_a_suite_are_proposed_for_a_file()
    {
        var file = program.Write("orders.csv", "id;price;day\n1;2,5;2026-01-31\n2;3,5;2026-02-01\n3;4,5;2026-02-02\n");

        (await DoneAsync("sources", "list")).ShouldContain("online-retail");
        var inferred = await DoneAsync("sources", "infer", file, "--entity", "orders");
        inferred.ShouldContain("\"delimiter\": \";\"");
        inferred.ShouldContain("\"decimal\": \",\"");
        var few = await DoneAsync("quality", "profile", file, "--name", "new/orders", "--trials", "5");
        few.ShouldContain("3 rows; too few to try the rules on a part of them");
        few.ShouldContain("3 rows say too little for rules about the number of rows, missing values,");
        few.ShouldNotContain("expect_table_row_count_to_be_between");
    }

    [Fact]
    public async Task A_source_whose_mapping_is_broken_is_listed_with_its_problem_beside_the_others()
    {
        var root = Path.GetDirectoryName(program.Write("root", ""))!;
        var sources = Directory.CreateDirectory(Path.Combine(root, "workflows", "sources")).FullName;
        File.Copy(Path.Combine(RepositoryRoot.Path, "workflows", "sources", "shop.json"), Path.Combine(sources, "shop.json"));
        await File.WriteAllTextAsync(Path.Combine(sources, "broken.json"), "{");
        await File.WriteAllTextAsync(Path.Combine(sources, "half.json"), """{ "source": "half\ud800" }""");
        File.CreateSymbolicLink(Path.Combine(sources, "gone.json"), "/nowhere");

        var listed = await program.RunAsync("dotnet", [DatasetProgram.Assembly, "sources", "list", "-o", "json"], ("ECOM_ROOT", root));

        listed.ExitCode.ShouldBe(ExitCode.Done, listed.Errors);
        var rows = JsonNode.Parse(listed.Output)!.AsArray();
        rows.Where(row => row!["problem"] is not null).Select(row => row!["source"]!.GetValue<string>()).ShouldBe(["broken", "gone", "half"]);
        rows.Count(row => row!["source"]!.GetValue<string>() == "shop").ShouldBeGreaterThan(1);
    }

    [Fact]
    public async Task A_file_that_cannot_be_profiled_says_why()
    {
        (await FailAsync("quality", "profile", program.Write("empty.csv", ""))).ShouldContain("empty.csv is empty.");
        (await FailAsync("quality", "profile", program.Write("header.csv", "id,name\n"))).ShouldContain("header.csv has no row to profile.");
    }

    [Fact]
    public async Task An_empty_lake_table_that_is_to_be_profiled_says_who_published_it_so()
    {
        (await DoneAsync("lake", "tables")).ShouldNotContain("emptied");
        try
        {
            await PublishAsync("emptied", run: 7, rows: 0);
            (await FailAsync("quality", "profile", "bronze.profiled.emptied", "--write")).ShouldContain(
                "Lake table bronze.profiled.emptied is empty: run 7 published it without rows. There is nothing to propose a suite from; find out why with ./ecom lake snapshots bronze.profiled.emptied.");

            await PublishAsync("lost", run: 8, rows: 1200);
            await PublishAsync("lost", run: 9, rows: 0);
            (await FailAsync("quality", "profile", "bronze.profiled.lost")).ShouldContain("is empty: run 9 published it without rows, run 8 before with 1,200.");
        }
        finally
        {
            await using var forget = postgres.DataSource.CreateCommand("delete from lake.snapshot where source = 'profiled'");
            await forget.ExecuteNonQueryAsync();
        }
    }

    [Fact]
    public async Task Letters_stay_letters_in_what_is_proposed()
    {
        var file = program.Write("greetings.csv", "greeting,n\n" + string.Concat(Enumerable.Range(0, 60).Select(i => $"{(i % 2 == 0 ? "Grüße" : "Þökk")},{i}\n")));

        var proposed = await DoneAsync("quality", "profile", file, "--name", "new/greetings", "--trials", "5");
        proposed.ShouldContain("""value_set ["Grüße","Þökk"]""");
        proposed.ShouldContain("of 5 trials had a false alarm");
    }

    [Fact]
    public async Task An_empty_lake_is_empty_and_has_no_garbage()
    {
        (await DoneAsync("lake", "tables", "--output", "json")).Trim().ShouldBe("[]");
        (await DoneAsync("lake", "gc", "--expire-days", "1")).ShouldContain("Would delete 0 files of 0 bytes and 0 snapshots. Add --delete to do it.");
        (await DoneAsync("quality", "results", "--output", "json")).Trim().ShouldBe("[]");
    }

    [Fact]
    public async Task What_a_failed_attempt_has_landed_today_is_left_alone_and_counted()
    {
        var landed = Path.Combine(program.Home, "lake", "raw", "source=s", "type=e", $"date={TimeProvider.System.GetUtcNow():yyyy-MM-dd}", "0123456789ab", "in.csv");
        Directory.CreateDirectory(Path.GetDirectoryName(landed)!);
        await File.WriteAllTextAsync(landed, "id\n");

        var said = await DoneAsync("lake", "gc", "--older-than-hours", "0", "--delete");

        said.ShouldContain("Deleted 0 files of 0 bytes and 0 snapshots.");
        said.ShouldContain("Left alone: 1 files of 3 bytes that nothing names either, but that may still be published");
        File.Exists(landed).ShouldBeTrue();
    }

    [Fact]
    public async Task Sql_shows_values_of_any_type()
    {
        const string Query =
            """
            select 'pg_class'::regclass as relation, array[1, 2] as list, 1.5::numeric as price, 1e40::numeric as large, interval '90 seconds' as took, '\x00ff'::bytea as bytes,
              date '2026-11-22' as day, row(1, 'a') as pair, null::int as none
            """;

        JsonNode.Parse(await DoneAsync("sql", Query, "--output", "json"))!.ToJsonString().ShouldBe(
            """[{"relation":"pg_class","list":[1,2],"price":1.5,"large":"10000000000000000000000000000000000000000","took":"00:01:30","bytes":"\\x00ff","day":"2026-11-22","pair":"(1,a)","none":null}]""");
        (await DoneAsync("sql", Query)).ShouldContain("pg_class");
        (await DoneAsync("sql", "select array[1, 2] as list")).ShouldContain("1, 2");
    }

    [Theory]
    [InlineData("lake snapshots bronze.no.table", "There is no lake table 'bronze.no.table'. See ./ecom lake tables.")]
    [InlineData("quality show latest", "Nothing was validated yet.")]
    [InlineData("quality show first", "'first' names no validation result")]
    [InlineData("quality profile bronze.no.table", "There is no file 'bronze.no.table', and lake table bronze.no.table has never been published. Tables: ")]
    [InlineData("quality profile nowhere/orders.csv", "'nowhere/orders.csv' is neither a file nor a lake table such as bronze.shop.events.")]
    [InlineData("quality quarantine nope events", "There is no lake table 'bronze.nope.events'. Tables of bronze: none yet.")]
    [InlineData("quality history nope events", "There is no lake table 'bronze.nope.events'.")]
    [InlineData("quality replay nosuch events", "There is no source 'nosuch'. Known sources: ")]
    [InlineData("quality replay online-retail events", "There is no lake table 'bronze.online_retail.events'.")]
    [InlineData("sources infer any.csv --entity Orders", "--entity 'Orders': an entity's name is part of table names")]
    public async Task What_is_not_there_ends_with_code_2_and_says_so(string line, string message)
    {
        var (exitCode, _, errors) = await program.RunAsync(line.Split(' '));

        exitCode.ShouldBe(ExitCode.Usage);
        errors.ShouldContain(message);
    }

    public void Dispose() => program.Dispose();

    /// <summary>Only the catalog's row: whether a table is empty is known without its files.</summary>
    private async Task PublishAsync(string table, long run, long rows)
    {
        await using var publish = postgres.DataSource.CreateCommand(
            """
            insert into lake.snapshot (layer, source, name, data_interval_start, data_interval_end, run_id, attempt_id, rows, bytes, columns)
            values ('bronze', 'profiled', $1, '2026-11-01', '2026-11-02', $2, 1, $3, 0, '[{"name": "id", "type": "BIGINT"}]')
            """);
        publish.Parameters.AddRange(new[] { new NpgsqlParameter { Value = table }, new NpgsqlParameter { Value = run }, new NpgsqlParameter { Value = rows } });
        await publish.ExecuteNonQueryAsync();
    }

    private async Task<string> FailAsync(params string[] arguments)
    {
        var (exitCode, _, errors) = await program.RunAsync(arguments);
        exitCode.ShouldBe(ExitCode.Usage);
        return errors;
    }

    private async Task<string> DoneAsync(params string[] arguments)
    {
        var (exitCode, output, errors) = await program.RunAsync(arguments);
        exitCode.ShouldBe(ExitCode.Done, errors);
        return output;
    }
}
