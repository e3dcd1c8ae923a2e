using Shouldly;
using Xunit;

namespace EcomWorkflows.DuckDB.Tests;

public sealed class RowStreamTests : IDisposable
{
    private const int Rows = 100_000;

    private readonly DuckDbConnection _db = DuckDbConnection.Open(new DuckDbOptions { PreserveInsertionOrder = true });

    public RowStreamTests() => _db.Execute("create table layout (id bigint, word varchar, price decimal(9, 2))");

    [Fact]
    public async Task A_statement_reads_all_rows_in_their_order_while_they_are_written()
    {
        Task? reading = null;
        using var stream = _db.CreateRowStream("rows", "layout", () => reading = Task.Run(() => _db.Execute("create table read as select * from rows()")));
        for (var row = 0; row < Rows; row++)
            stream.Append(row).Append(row % 3 == 0 ? null : $"a word that lies outside {row}").Append(row / 4m).EndRow();
        stream.Complete();
        await reading.ShouldNotBeNull();
        stream.Rows.ShouldBe(Rows);
        _db.QueryRows(
            "select count(*), count(word), bool_and(id = rowid and word = 'a word that lies outside ' || id and price = (id / 4)::decimal(9, 2)) from read",
            row => (row.Get<long>(0), row.Get<long>(1), row.Get<bool>(2))).ShouldBe([(Rows, Rows - ((Rows + 2) / 3), true)]);
    }

    [Fact]
    public void A_statement_over_rows_written_meanwhile_counts_what_it_changed()
    {
        _db.Execute("create table read (id bigint)");
        _db.ExecuteOver("rows", "layout", expected: Rows, WriteAll, "insert into read select id from rows() where id % 10 = $digit", new { digit = 3 }).ShouldBe(Rows / 10);
        _db.Scalar<bool>("select bool_and(id = 10 * rowid + 3) from read").ShouldBeTrue();
    }

    [Theory]
    [InlineData("true")]
    [InlineData("id % 3 = 0")]
    [InlineData("id < 5000 or id = 70000")]
    [InlineData("false")]
    public void Rows_of_a_query_are_passed_on_to_a_statement_in_their_order_without_further_columns(string kept)
    {
        using var writer = _db.Duplicate();
        _db.Execute("create table read (id bigint, word varchar, price decimal(9, 2))");

        var passed = writer.ExecuteOver("rows", "layout", expected: Rows, PassAll, "insert into read select * from rows()");

        passed.ShouldBe(_db.Scalar<long>($"select count(*) from range({Rows}) r(id) where {kept}"));
        _db.Execute($"create table truth as select id, case when id % 7 > 0 then 'a word that lies outside ' || id end as word, (id / 4)::decimal(9, 2) as price from range({Rows}) r(id) where {kept}");
        _db.Scalar<long>("select count(*) from (select rowid as place, * from read) a full join (select rowid as place, * from truth) b using (place) where a is distinct from b").ShouldBe(0);

        void PassAll(DuckDbRowStream rows)
        {
            using var reader = _db.Query(
                $"select id, case when id % 7 > 0 then 'a word that lies outside ' || id end, (id / 4)::decimal(9, 2), 'seen' from range({Rows}) r(id) where {kept}");
            while (reader.NextChunk())
            {
                reader.Texts(3)[reader.ChunkRows - 1].ToArray().ShouldBe("seen"u8.ToArray());
                rows.Pass(reader);
            }
        }
    }

    [Fact]
    public void Who_writes_for_a_statement_gets_its_exception()
    {
        Should.Throw<DuckDbException>(() => _db.ExecuteOver("rows", "layout", expected: Rows, WriteAll, "create table read as select error('no more') from rows()")).Message.ShouldContain("no more");
        _db.Scalar<int>("select 1").ShouldBe(1);
    }

    [Fact]
    public void A_statement_whose_rows_fail_has_no_effect()
    {
        Should.Throw<FormatException>(() => _db.ExecuteOver("rows", "layout", expected: Rows, rows =>
        {
            WriteAll(rows);
            throw new FormatException("row 100,000 is no row");
        }, "create table read as select * from rows()"));
        Should.Throw<DuckDbException>(() => _db.Scalar<long>("select count(*) from read")).Kind.ShouldBe(DuckDbErrorKind.Catalog);
    }

    [Fact]
    public void A_reader_that_fails_on_the_way_makes_the_statement_fail_with_its_exception()
    {
        Should.Throw<DuckDbException>(() => _db.ExecuteOver("rows", "layout", expected: Rows, rows =>
        {
            using var source = _db.Duplicate();
            using var given = source.Query($"select case when id = {50 * Rows} then error('no such row as ' || id) else id end, 'word', 1::decimal(9, 2) from range({100 * Rows}) t(id)");
            while (given.NextChunk())
                rows.Pass(given);
        }, "create table read as select * from rows()")).Message.ShouldContain("no such row");
        Should.Throw<DuckDbException>(() => _db.Scalar<long>("select count(*) from read")).Kind.ShouldBe(DuckDbErrorKind.Catalog);
    }

    [Fact]
    public void Columns_of_a_reader_are_copied_with_their_nulls_into_chunks_of_another_size()
    {
        const string Read = "select id, case when id % 7 > 0 then 'a word that lies outside ' || id end as word, case when id % 5 > 0 then (id / 4)::decimal(9, 2) end as price from range(100_000) t(id) where id % 3 < 2";
        _db.Execute("create table read (id bigint, word varchar, price decimal(9, 2))");
        _db.ExecuteOver("rows", "layout", expected: Rows, rows =>
        {
            using var source = _db.Duplicate();
            using var given = source.Query(Read);
            while (given.NextChunk())
            {
                for (var (row, count) = (0, 0); row < given.ChunkRows; row += count)
                {
                    count = Math.Min(Math.Min(rows.Room, 777), given.ChunkRows - row);
                    for (var column = 0; column < 3; column++)
                        rows.CopyFrom(given, column, row, count, column);
                    rows.EndRows(count);
                }
            }
        }, "insert into read from rows()");

        _db.Scalar<long>($"select count(*) from read positional join ({Read}) given where (read.id, read.word, read.price) is distinct from (given.id, given.word, given.price)").ShouldBe(0);
        _db.Scalar<long>("select count(*) from read").ShouldBe(_db.Scalar<long>($"select count(*) from ({Read})"));
    }

    [Fact]
    public void A_column_is_not_copied_into_one_of_another_type()
    {
        using var source = _db.Duplicate();
        using var given = source.Query("select 1 as number");
        given.NextChunk();
        Should.Throw<InvalidCastException>(() => _db.ExecuteOver("rows", "layout", expected: 1, rows => rows.CopyFrom(given, 0, 0, 1, 0), "select 1"));
        Should.Throw<ArgumentOutOfRangeException>(() => _db.ExecuteOver("others", "layout", expected: 1, rows => rows.CopyFrom(given, 0, 0, 2, 0), "select 1"));
    }

    [Theory]
    [InlineData(12, 500_000, 700_000)]
    [InlineData(100_000, 2_000, 4_200)]
    public async Task The_writer_goes_on_while_the_statement_is_busy_until_a_few_megabytes_wait(int textLength, int fewest, int most)
    {
        var text = new string('x', textLength);
        var written = 0;
        using var busy = new ManualResetEventSlim();
        Task<long>? reading = null;
        using var stream = _db.CreateRowStream("rows", "layout", () => reading = Task.Run(() =>
        {
            busy.Wait();
            return _db.Scalar<long>("select count(word) from rows()");
        }));
        var writer = new Thread(() =>
        {
            for (; written < 2 * most; written++)
                stream.Append(written).Append(text).Append(1m).EndRow();
            stream.Complete();
        });
        writer.Start();
        SpinWait.SpinUntil(() => (writer.ThreadState & (ThreadState.WaitSleepJoin | ThreadState.Stopped)) != 0);
        Volatile.Read(ref written).ShouldBeInRange(fewest, most);
        busy.Set();
        writer.Join();
        (await reading.ShouldNotBeNull()).ShouldBe(2 * most);
    }

    [Fact]
    public void A_stream_that_was_disposed_takes_no_rows()
    {
        using var source = _db.Duplicate();
        using var given = source.Query("select 1::bigint as id, 'word', 1::decimal(9, 2)");
        given.NextChunk();
        var stream = _db.CreateRowStream("rows", "layout");
        stream.Dispose();

        Should.Throw<ObjectDisposedException>(() => stream.Pass(given));
    }

    [Fact]
    public async Task A_stream_without_rows_is_an_empty_table()
    {
        Task<long>? reading = null;
        using var stream = _db.CreateRowStream("rows", "layout", () => reading = Task.Run(() => _db.Scalar<long>("select count(*) from rows()")));
        stream.Complete();
        (await reading.ShouldNotBeNull()).ShouldBe(0);
    }

    [Fact]
    public async Task A_writer_that_gives_up_makes_the_statement_fail()
    {
        Task? reading = null;
        using var stream = _db.CreateRowStream("rows", "layout", () => reading = Task.Run(() => _db.Execute("create table half as select * from rows()")));
        for (var row = 0; row < 10_000; row++)
            stream.Append(row).AppendNull().AppendNull().EndRow();
        stream.Break();
        (await Should.ThrowAsync<DuckDbException>(reading.ShouldNotBeNull())).Message.ShouldContain("the rows were not written to their end");
        Should.Throw<DuckDbException>(() => _db.Scalar<long>("select count(*) from half"));
    }

    [Fact]
    public void A_statement_that_fails_stops_the_writer_with_its_exception()
    {
        using var stream = _db.CreateRowStream("rows", "layout");
        stream.Abandon(new DuckDbException(DuckDbErrorKind.IO, "the disk is full"));
        Should.Throw<DuckDbException>(() =>
        {
            for (var row = 0; row < Rows; row++)
                stream.Append(row).AppendNull().AppendNull().EndRow();
        }).Message.ShouldContain("the disk is full");
    }

    [Fact]
    public void Without_such_a_table_there_is_no_stream() => Should.Throw<DuckDbException>(() => _db.CreateRowStream("rows", "nowhere"));

    public void Dispose() => _db.Dispose();

    private static void WriteAll(DuckDbRowWriter rows)
    {
        for (var row = 0; row < Rows; row++)
            rows.Append(row).Append("a word").Append(1m).EndRow();
    }
}
