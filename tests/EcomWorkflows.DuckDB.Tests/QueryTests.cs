using Shouldly;
using Xunit;

namespace EcomWorkflows.DuckDB.Tests;

public sealed class QueryTests : IDisposable
{
    private readonly DuckDbConnection _db = DuckDbConnection.Open(new DuckDbOptions());

    [Fact]
    public void A_hundred_thousand_rows_stream_in_chunks()
    {
        using var reader = _db.Query("select x, case when x % 3 = 0 then null else x::varchar end as text from range(100000) t(x) order by x");
        var expected = 0L;
        while (reader.Read())
        {
            reader.Get<long>(0).ShouldBe(expected);
            if (expected % 3 == 0)
                reader.IsNull(1).ShouldBeTrue();
            else if (expected % 997 == 0)
                reader.Get<string>(1).ShouldBe($"{expected}");
            expected++;
        }

        expected.ShouldBe(100_000);
        reader.ChunkRows.ShouldBe(0);
        reader.NextChunk().ShouldBeFalse();
    }

    [Fact]
    public void Columns_are_read_as_spans_with_their_validity()
    {
        using var reader = _db.Query("select x, case when x % 2 = 1 then x * 0.5::double end as half, x as whole from range(5000) t(x) order by x");
        var sum = 0L;
        var halves = 0.0;
        while (reader.NextChunk())
        {
            foreach (var value in reader.Column<long>(0))
                sum += value;
            var column = reader.Column<double>(reader.Ordinal("HALF"));
            var validity = reader.Validity(1);
            for (var row = 0; row < reader.ChunkRows; row++)
            {
                if (validity.IsKnown(row))
                    halves += column[row];
            }
            reader.Validity(2).MayBeNull.ShouldBeFalse();
        }

        sum.ShouldBe(4999L * 5000 / 2);
        halves.ShouldBe(2500.0 * 2500 / 2);
    }

    [Fact]
    public void A_span_of_the_wrong_width_is_refused()
    {
        using var reader = _db.Query("select 1::integer as n, 'text' as t");
        Should.Throw<InvalidOperationException>(() => reader.Column<int>(0).Length);
        reader.NextChunk().ShouldBeTrue();

        reader.Column<int>(0)[0].ShouldBe(1);
        Should.Throw<InvalidCastException>(() => reader.Column<long>(0).Length).Message.ShouldContain("'n' is Integer with 4 bytes");
        Should.Throw<InvalidCastException>(() => reader.Column<byte>(1).Length);
    }

    [Fact]
    public void Execute_counts_the_rows_of_all_its_statements()
    {
        _db.Execute("create table t(x integer); insert into t select * from range(10); update t set x = x + 1 where x < 4").ShouldBe(14);
        _db.Execute("delete from t where x >= $low", new { low = 5 }).ShouldBe(5);
        _db.Scalar<long>("select count(*) from t").ShouldBe(5);
    }

    [Fact]
    public void Query_streams_the_last_statement_after_running_the_others() =>
        _db.QueryRows("create table u as select 7 as x; select x + $add from u", row => row.Get<int>(0), new { add = 1 }).ShouldBe([8]);

    [Fact]
    public void Scalar_without_a_row_is_the_default()
    {
        _db.Scalar<long?>("select 1 where false").ShouldBeNull();
        _db.Scalar<string>("select 'x' where false").ShouldBeNull();
        _db.Scalar<long>("select null::bigint where false").ShouldBe(0);
    }

    [Fact]
    public void Two_duplicates_of_a_connection_work_at_the_same_time()
    {
        _db.Execute("create table t as select range as x from range(100000)");
        using var other = _db.Duplicate();
        using var mine = _db.Query("select x from t order by x");
        using var theirs = other.Query("select x from t order by x desc");
        mine.Read().ShouldBeTrue();
        theirs.Read().ShouldBeTrue();

        mine.Get<long>(0).ShouldBe(0);
        theirs.Get<long>(0).ShouldBe(99_999);
    }

    [Fact]
    public async Task Independent_databases_work_in_parallel()
    {
        var sums = await Task.WhenAll(Enumerable.Range(1, 4).Select(number => Task.Run(() =>
        {
            using var db = DuckDbConnection.Open(new DuckDbOptions { Threads = 1 });
            db.Execute("create table t as select range * $n as x from range(200000)", new { n = number });
            return db.Scalar<long>("select sum(x) from t");
        })));

        sums.ShouldBe(Enumerable.Range(1, 4).Select(number => number * (199_999L * 200_000 / 2)));
    }

    [Fact]
    public void The_same_file_opened_twice_is_one_database()
    {
        var path = Path.Combine(Path.GetTempPath(), $"duckdb-test-{Guid.NewGuid():N}.db");
        try
        {
            using (var first = DuckDbConnection.Open(new DuckDbOptions { DatabasePath = path }))
            using (var second = DuckDbConnection.Open(new DuckDbOptions { DatabasePath = path }))
            {
                first.Execute("create table t as select 1 as x");
                second.Scalar<int>("select x from t").ShouldBe(1);
            }
            using var reopened = DuckDbConnection.Open(new DuckDbOptions { DatabasePath = path });
            reopened.Scalar<int>("select x from t").ShouldBe(1);
        }
        finally
        {
            File.Delete(path);
        }
    }

    [Fact]
    public void Time_stamps_with_a_zone_are_shown_in_UTC() =>
        _db.Scalar<string>("select (timestamptz '2020-07-01 00:00:00+02:00')::varchar").ShouldBe("2020-06-30 22:00:00+00");

    [Fact]
    public void Quoted_names_and_texts_mean_themselves()
    {
        _db.Execute($"create table {DuckDbSql.Identifier("odd \"name")} as select {DuckDbSql.Literal("it's")} as x");
        _db.Scalar<string>($"select x from {DuckDbSql.Identifier("odd \"name")}").ShouldBe("it's");
        _db.Scalar<long>($"select len({DuckDbSql.Literals(["a'b", "c"])})").ShouldBe(2);
    }

    public void Dispose() => _db.Dispose();
}
