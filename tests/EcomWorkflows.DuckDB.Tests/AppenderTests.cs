using System.Text;
using Shouldly;
using Xunit;

namespace EcomWorkflows.DuckDB.Tests;

public sealed class AppenderTests : IDisposable
{
    private static readonly DateTime Noon = new(2011, 9, 30, 12, 0, 0, DateTimeKind.Utc);
    private readonly DuckDbConnection _db = DuckDbConnection.Open(new DuckDbOptions());

    [Fact]
    public void Every_type_is_appended_and_read_back()
    {
        var id = Guid.Parse("ff112233-4455-6677-8899-aabbccddeeff");
        _db.Execute(
            """
            create table t(
              b boolean, t1 tinyint, i integer, l bigint, u ubigint, h hugeint, f float, d double, m decimal(10,3), s varchar, v varchar,
              x blob, da date, ti time, ts timestamp, tz timestamptz, tms timestamp_ms, iv interval, id uuid, e enum('red', 'blue'), n integer)
            """);
        using (var appender = _db.CreateAppender("t"))
        {
            appender.Append(true).Append(-5).Append(7).Append(8L).Append(ulong.MaxValue).Append(-9).Append(1.5f).Append(2.5).Append(-3.25m)
                .Append("short").Append("a text of more than twelve bytes £").Append([1, 2, 3]).Append(new DateOnly(2011, 9, 30))
                .Append(new TimeOnly(1, 2, 3)).Append(Noon).Append(new DateTimeOffset(Noon)).Append(Noon).Append(new DuckDbInterval(1, 2, 3))
                .Append(id).Append("blue").AppendNull();
            appender.EndRow();
        }

        using var reader = _db.Query("select * from t");
        reader.Read().ShouldBeTrue();
        Enumerable.Range(0, reader.FieldCount).Select(reader.GetValue).ShouldBe(
        [
            true, (sbyte)-5, 7, 8L, ulong.MaxValue, new System.Numerics.BigInteger(-9), 1.5f, 2.5, -3.25m,
            "short", "a text of more than twelve bytes £", new byte[] { 1, 2, 3 }, new DateOnly(2011, 9, 30),
            new TimeOnly(1, 2, 3), Noon, Noon, Noon, new DuckDbInterval(1, 2, 3), id, "blue", null,
        ]);
    }

    [Fact]
    public void Many_chunks_with_nulls_arrive_whole()
    {
        _db.Execute("create table t(x bigint, s varchar)");
        using (var appender = _db.CreateAppender("t"))
        {
            for (var row = 0L; row < 100_000; row++)
                appender.Append(row % 7 == 0 ? null : (long?)row).Append(row % 5 == 0 ? null : $"text number {row}").EndRow();
            appender.Rows.ShouldBe(100_000);
        }

        using var reader = _db.Query(
            """
            select count(*), count(x), count(s), sum(x), count(*) filter (s = 'text number ' || x)
            from t
            """);
        reader.Read();
        reader.Get<long>(0).ShouldBe(100_000);
        reader.Get<long>(1).ShouldBe(Enumerable.Range(0, 100_000).Count(row => row % 7 != 0));
        reader.Get<long>(2).ShouldBe(80_000);
        reader.Get<long>(3).ShouldBe(Enumerable.Range(0, 100_000).Where(row => row % 7 != 0).Sum(row => (long)row));
        reader.Get<long>(4).ShouldBe(Enumerable.Range(0, 100_000).Count(row => row % 7 != 0 && row % 5 != 0));
    }

    [Fact]
    public void Flush_makes_rows_visible_before_dispose()
    {
        _db.Execute("create table t(x integer)");
        using var appender = _db.CreateAppender("t", "main");
        appender.Append(1).EndRow();
        appender.Flush();

        _db.Scalar<long>("select count(*) from t").ShouldBe(1);
    }

    [Fact]
    public void A_row_that_was_not_ended_is_dropped()
    {
        _db.Execute("create table t(x integer, y integer)");
        using (var appender = _db.CreateAppender("t"))
        {
            appender.Append(1).Append(2).EndRow();
            appender.Append(3);
            Should.Throw<InvalidOperationException>(appender.EndRow).Message.ShouldContain("1 values; t has 2 columns");
            Should.Throw<InvalidOperationException>(appender.Flush);
        }

        _db.Scalar<long>("select count(*) from t").ShouldBe(1);
    }

    [Fact]
    public void A_discarded_row_leaves_no_trace()
    {
        _db.Execute("create table t(x integer, y varchar)");
        using (var appender = _db.CreateAppender("t"))
        {
            appender.AppendNull();
            appender.DiscardRow();
            appender.Append(1).Append("kept").EndRow();
        }

        _db.QueryRows("select x, y from t", row => (row.Get<int>(0), row.Get<string>(1))).ShouldBe([(1, "kept")]);
    }

    [Fact]
    public void Columns_are_written_one_after_the_other_and_only_ended_rows_count()
    {
        _db.Execute("create table columnwise (id bigint, word varchar, share double)");
        using (var appender = _db.CreateAppender("columnwise"))
        {
            appender.Append(0L).Append("first").Append(0.5).EndRow();
            var ids = appender.Column(0).BigInts();
            var words = appender.Column(1);
            var shares = appender.Column(2).Doubles();
            (ids[0], ids[1], ids[3]) = (1, 2, 4);
            (shares[0], shares[1], shares[3]) = (-1.25, double.NaN, 4);
            Should.Throw<InvalidCastException>(() => appender.Column(0).Doubles()).Message.ShouldContain("'id' is BigInt");
            appender.Seek(0, 2).AppendNull();
            words.ValidUtf8(0, "short"u8);
            words.Null(1);
            words.ValidUtf8(2, "longer than what lies inline"u8);
            words.Null(3);
            appender.EndRows(2);
            appender.DiscardRows();
            appender.Append(9L).Append("last").AppendNull().EndRow();
            appender.Append(10L).Append("very last").Append(10.0).EndRow();
            appender.Rows.ShouldBe(5);
        }
        _db.QueryRows("select id, word, share from columnwise", row => (row.GetValue(0), row.GetValue(1), row.GetValue(2)))
            .ShouldBe([(0L, "first", 0.5), (1L, "short", -1.25), (2L, null, double.NaN), (9L, "last", null), (10L, "very last", 10.0)]);
    }

    [Fact]
    public void More_rows_than_there_is_room_for_are_refused()
    {
        _db.Execute("create table cramped (id bigint)");
        using var appender = _db.CreateAppender("cramped");
        appender.Column(0).BigInts().Fill(7);
        Should.Throw<ArgumentOutOfRangeException>(() => appender.Seek(0, appender.Room));
        Should.Throw<ArgumentOutOfRangeException>(() => appender.Column(0).Null(appender.Room));
        Should.Throw<ArgumentOutOfRangeException>(() => appender.EndRows(appender.Room + 1));
        appender.EndRows(appender.Room);
        appender.Flush();
        _db.Scalar<long>("select sum(id)::bigint from cramped").ShouldBe(7 * appender.Rows);
    }

    [Fact]
    public void A_value_that_does_not_fit_names_its_column()
    {
        _db.Execute("create table t(small tinyint, price decimal(4,2), name varchar, colour enum('red'))");
        using var appender = _db.CreateAppender("t");

        Should.Throw<OverflowException>(() => appender.Append(1000)).Message.ShouldBe("column 'small' is TinyInt; 1000 does not fit.");
        appender.Append(1);
        Should.Throw<OverflowException>(() => appender.Append(1.234m)).Message.ShouldContain("'price' is DECIMAL(4,2)");
        Should.Throw<OverflowException>(() => appender.Append(100m)).Message.ShouldContain("does not fit");
        appender.Append(99.99m);
        Should.Throw<InvalidCastException>(() => appender.Append(5)).Message.ShouldContain("'name' is Varchar");
        Should.Throw<InvalidCastException>(() => appender.Append(new byte[] { 0xC3, 0x28 })).Message.ShouldContain("not UTF-8");
        appender.Append(Encoding.UTF8.GetBytes("raw"));
        Should.Throw<InvalidCastException>(() => appender.Append("green")).Message.ShouldContain("its labels are red");
        appender.Append("red").EndRow();
        Should.Throw<InvalidOperationException>(() => appender.Append(1).Append(1m).Append("").Append("red").Append(1)).Message.ShouldContain("EndRow");
    }

    [Fact]
    public void A_broken_constraint_is_reported_once_and_nothing_is_written()
    {
        _db.Execute("create table t(x integer primary key)");
        var appender = _db.CreateAppender("t");
        appender.Append(1).EndRow();
        appender.Append(1).EndRow();

        Should.Throw<DuckDbException>(appender.Flush).Kind.ShouldBe(DuckDbErrorKind.Constraint);
        Should.Throw<InvalidOperationException>(() => appender.Append(2));
        appender.Dispose();
        _db.Scalar<long>("select count(*) from t").ShouldBe(0);
    }

    [Fact]
    public void An_unknown_table_is_an_error_with_its_name() =>
        Should.Throw<DuckDbException>(() => _db.CreateAppender("nowhere")).Message.ShouldContain("nowhere");

    public void Dispose() => _db.Dispose();
}
