using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class When_a_query_is_a_source(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime, IDisposable
{
    private static readonly object[] Columns =
    [
        new { name = "id", type = "bigint" }, new { name = "name", type = "varchar" }, new { name = "price", type = "double" },
        new { name = "changed_at", type = "timestamp" }, new { name = "day", type = "date" },
    ];

    private readonly string table = $"orders_{Guid.NewGuid():n}";
    private IngestionBench bench = null!;

    public async Task InitializeAsync()
    {
        bench = await IngestionBench.CreateAsync(postgres);
        await RunAsync(
            $"""
            create table {table} (id bigint, name text, price numeric, changed_at timestamptz, day date);
            insert into {table} values
              (1, 'a "quoted", £ text', 2.5, '2020-01-01 10:00:00.123456+02', '2020-01-01'),
              (2, '', null, '2020-01-02 00:00:00Z', null),
              (3, null, 1e3, '2020-01-03 00:00:00Z', '2020-01-03')
            """);
        var server = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        await bench.ConnectAsync(new ConnectionChange("shop", "postgres", server.Host, server.Port, server.Username, server.Database, server.Password));
    }

    [Fact]
    public async Task All_rows_arrive_with_their_values_and_a_null_is_told_from_an_empty_text()
    {
        var source = Map(new { query = new[] { "select *", $"from {table}", "order by id" } });
        var outputs = await bench.IngestAsync(source);

        outputs.RowsKept.ShouldBe(3);
        (await bench.QueryAsync(source, "select id, name, price, changed_at, day, _file, _line from {bronze} order by id")).ShouldBe(
        [
            [1L, "a \"quoted\", £ text", 2.5, new DateTime(2020, 1, 1, 8, 0, 0, DateTimeKind.Utc).AddTicks(1_234_560), new DateOnly(2020, 1, 1), "events.csv", 2L],
            [2L, "", null, new DateTime(2020, 1, 2, 0, 0, 0, DateTimeKind.Utc), null, "events.csv", 3L],
            [3L, null, 1000.0, new DateTime(2020, 1, 3, 0, 0, 0, DateTimeKind.Utc), new DateOnly(2020, 1, 3), "events.csv", 4L],
        ]);
    }

    [Fact]
    public async Task With_a_watermark_each_run_reads_what_is_new_and_the_table_holds_everything()
    {
        var source = Map(new { query = $"select * from {table} where changed_at > {{watermark}} order by changed_at", watermark = "changed_at" });
        (await bench.IngestAsync(source)).RowsRead.ShouldBe(3);
        (await bench.IngestAsync(source)).RowsRead.ShouldBe(0);
        (await IdsAsync(source)).ShouldBe([1L, 2L, 3L]);

        await RunAsync($"insert into {table} values (4, 'new', 1, '2020-01-04 00:00:00.000001Z', null)");
        (await bench.IngestAsync(source)).RowsRead.ShouldBe(1);
        (await bench.IngestAsync(source)).RowsRead.ShouldBe(0);
        (await IdsAsync(source)).ShouldBe([1L, 2L, 3L, 4L]);

        (await bench.Lake.ForgetStateAsync(source, "events", CancellationToken.None)).ShouldBeTrue();
        (await bench.IngestAsync(source)).RowsRead.ShouldBe(4);
        (await IdsAsync(source)).ShouldBe([1L, 2L, 3L, 4L]);
    }

    [Fact]
    public async Task The_watermark_moves_only_with_the_data()
    {
        var source = Map(new { query = $"select * from {table} where changed_at > {{watermark}}", watermark = "changed_at" });
        bench.Fenced = true;
        await Should.ThrowAsync<AttemptFencedException>(() => bench.IngestAsync(source));
        bench.Fenced = false;

        (await bench.IngestAsync(source)).RowsRead.ShouldBe(3);
    }

    [Fact]
    public async Task The_runs_data_interval_bounds_a_query()
    {
        var source = Map(new { query = $"select * from {table} where changed_at < {{start}} and changed_at < {{end}}" });
        (await bench.IngestAsync(source)).RowsKept.ShouldBe(3);
    }

    [Fact]
    public async Task A_column_that_the_query_gained_is_drift()
    {
        (await FailAsync(new { query = $"select *, 1 as more from {table}" })).Message.ShouldContain("Not declared: more.");
    }

    [Fact]
    public async Task A_query_that_takes_too_long_or_is_wrong_says_what_to_change()
    {
        var slow = await FailAsync(new { query = $"select * from {table}, pg_sleep(30)", timeout_seconds = 1, retries = 0 });
        slow.Message.ShouldContain("was not done within 1 s. Give it more with \"timeout_seconds\"");
        slow.Cause.ShouldBe(FailureCause.Timeout);

        var wrong = await FailAsync(new { query = "select * from no_such_table" });
        wrong.Message.ShouldContain("format.query: PostgreSQL refused it: relation \"no_such_table\" does not exist (42P01)");
        wrong.Retryable.ShouldBeFalse();
        (await FailAsync(new { query = $"delete from {table} returning *" })).Retryable.ShouldBeFalse();
        (await FailAsync(new { })).Message.ShouldContain("format.query: allowed is a SELECT");
        (await FailAsync(new { query = "select 1", watermark = "x" })).Message.ShouldContain("{watermark}");
        (await FailAsync(new { query = $"select * from {table} where id > {{watermark}}", watermark = "id" })).Message
            .ShouldContain("format.initial_watermark: \"-infinity\", the default, is no value of column 'id'");
    }

    [Fact]
    public async Task A_server_that_is_not_there_is_named_by_its_connection()
    {
        await bench.ConnectAsync(new ConnectionChange("gone", "postgres", "127.0.0.1", 9, "x", "x"));
        var source = bench.Map(new { query = "select 1", retries = 1, retry_delay_ms = 1 }, Columns, "postgres", connection: "gone");
        var error = await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(source));
        error.Message.ShouldContain("'gone' cannot be opened");
        error.Retryable.ShouldBeTrue();
        (await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(bench.Map(new { query = "select 1" }, Columns, "postgres")))).Message.ShouldContain("connection is missing");
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => bench.Dispose();

    private string Map(object format) => bench.Map(format, Columns, "postgres", connection: "shop");

    private async Task<IReadOnlyList<object?>> IdsAsync(string source) => [.. (await bench.QueryAsync(source, "select id from {bronze} order by id")).Select(row => row[0])];

    private async Task<TaskFailedException> FailAsync(object format) => await Should.ThrowAsync<TaskFailedException>(() => bench.IngestAsync(Map(format)));

    private async Task RunAsync(string sql)
    {
        await using var command = postgres.DataSource.CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }
}
