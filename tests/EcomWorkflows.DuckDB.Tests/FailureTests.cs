using EcomWorkflows.DuckDB.Native;
using Shouldly;
using Xunit;

namespace EcomWorkflows.DuckDB.Tests;

public sealed class FailureTests : IDisposable
{
    private const string Endless = "select count(*) from range(10000000) a, range(10000000) b where (a.range * b.range) % 7 = 1";
    private readonly DuckDbConnection _db = DuckDbConnection.Open(new DuckDbOptions());

    [Theory]
    [InlineData("selec 1", DuckDbErrorKind.Parser)]
    [InlineData("", DuckDbErrorKind.Parser)]
    [InlineData("select * from nowhere", DuckDbErrorKind.Catalog)]
    [InlineData("select nothing", DuckDbErrorKind.Binder)]
    [InlineData("select 'abc'::integer", DuckDbErrorKind.Conversion)]
    [InlineData("select * from read_parquet('/no/such/file.parquet')", DuckDbErrorKind.IO)]
    [InlineData("select error('mine')", DuckDbErrorKind.InvalidInput)]
    public void A_failed_statement_says_its_kind_and_its_text(string sql, DuckDbErrorKind kind)
    {
        var error = Should.Throw<DuckDbException>(() => _db.Execute(sql));

        error.Kind.ShouldBe(kind);
        error.Sql.ShouldBe(sql);
        error.Message.ShouldContain(sql);
    }

    [Fact]
    public void A_long_statement_is_shortened_in_the_error() =>
        Should.Throw<DuckDbException>(() => _db.Execute($"select nothing, '{new string('x', 5000)}'")).Sql.Length.ShouldBe(501);

    [Fact]
    public void An_error_in_a_later_chunk_comes_from_the_reader()
    {
        // With several threads DuckDB tells now and then that it interrupted the others, in place of why one failed.
        using var db = DuckDbConnection.Open(new DuckDbOptions { Threads = 1 });
        using var reader = db.Query("select case when x < 3000000 then x::varchar else 'bad' end::integer from range(4000000) t(x)");

        Should.Throw<DuckDbException>(() =>
        {
            while (reader.Read())
                reader.Get<int>(0);
        }).Kind.ShouldBe(DuckDbErrorKind.Conversion);
    }

    [Fact]
    public void A_missing_parameter_is_named()
    {
        var error = Should.Throw<DuckDbException>(() => _db.Scalar<int>("select $wanted", new { given = 1 }));

        error.Kind.ShouldBe(DuckDbErrorKind.ParameterNotResolved);
        error.Message.ShouldContain("$wanted has no value; given: $given");
        Should.Throw<DuckDbException>(() => _db.Scalar<int>("select $x", new { x = new object() })).Kind.ShouldBe(DuckDbErrorKind.InvalidType);
    }

    [Fact]
    public void Memory_beyond_the_limit_is_its_own_kind()
    {
        using var small = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = "10MB", Threads = 1 });

        var failure = Should.Throw<DuckDbException>(() => small.Execute("select list(x::varchar || repeat('y', 100)) from range(2000000) t(x)"));

        failure.Kind.ShouldBe(DuckDbErrorKind.OutOfMemory);
        failure.GetBaseException().ShouldBeAssignableTo<OutOfMemoryException>();
        failure.Message.ShouldContain("used). Allow DuckDB more memory with ECOM_DUCKDB_MEMORY");
        failure.Message.ShouldNotContain("SET ");
        small.Scalar<int>("select 1").ShouldBe(1);
    }

    [Fact]
    public async Task A_token_that_fires_stops_the_statement()
    {
        using var cancel = new CancellationTokenSource();
        var running = Task.Run(() => _db.Scalar<long>(Endless, ct: cancel.Token));
        await cancel.CancelAsync();

        (await Should.ThrowAsync<OperationCanceledException>(running)).CancellationToken.ShouldBe(cancel.Token);
        _db.Scalar<int>("select 1").ShouldBe(1);
    }

    [Fact]
    public void A_token_that_fires_between_chunks_stops_the_reader()
    {
        using var cancel = new CancellationTokenSource();
        using var reader = _db.Query("select x from range(100000000) t(x)", ct: cancel.Token);
        reader.NextChunk().ShouldBeTrue();
        cancel.Cancel();

        Should.Throw<OperationCanceledException>(() => reader.NextChunk());
    }

    [Fact]
    public void A_token_that_fired_before_runs_nothing()
    {
        Should.Throw<OperationCanceledException>(() => _db.Execute("create table t(x integer)", ct: new CancellationToken(true)));
        _db.Scalar<long>("select count(*) from duckdb_tables()").ShouldBe(0);
    }

    [Fact]
    public async Task Interrupt_stops_the_statement()
    {
        var running = Task.Run(() => _db.Scalar<long>(Endless));
        await InterruptUntilStoppedAsync(_db, running);

        (await Should.ThrowAsync<DuckDbInterruptedException>(running)).Kind.ShouldBe(DuckDbErrorKind.Interrupt);
        _db.Scalar<int>("select 1").ShouldBe(1);
    }

    [Fact]
    public async Task Progress_is_seen_from_another_thread()
    {
        using var db = DuckDbConnection.Open(new DuckDbOptions { TrackProgress = true });
        db.Execute("create table t as select range as x from range(3000000)");
        var running = Task.Run(() => db.Scalar<long>("select count(*) from t, range(20000) r(y) where (x * y) % 7 = 1"));
        // Which of the two threads DuckDB gives the work to decides when it counts again, so the total is all that is sure to be seen.
        while (!running.IsCompleted && db.Progress.TotalRows == 0)
        {
            db.Interrupt();
            await Task.WhenAny(running, Task.Delay(1));
            if (running.IsCompleted)
                running = Task.Run(() => db.Scalar<long>("select count(*) from t, range(20000) r(y) where (x * y) % 7 = 1"));
        }
        await InterruptUntilStoppedAsync(db, running);

        db.Progress.Percentage.ShouldBe(-1);
    }

    [Fact]
    public void A_second_statement_beside_an_open_reader_is_refused()
    {
        using (var reader = _db.Query("select 1"))
            Should.Throw<InvalidOperationException>(() => _db.Execute("select 2")).Message.ShouldContain("dispose it first");
        _db.Execute("select 2");
    }

    [Fact]
    public void Use_after_dispose_is_refused_in_any_order()
    {
        var db = DuckDbConnection.Open(new DuckDbOptions());
        db.Execute("create table t(x integer)");
        var appender = db.CreateAppender("t");
        var reader = db.Query("select * from range(10)");
        reader.Read();
        db.Dispose();

        Should.Throw<ObjectDisposedException>(() => reader.Read());
        Should.Throw<ObjectDisposedException>(() => reader.Get<long>(0));
        Should.Throw<ObjectDisposedException>(() => appender.Append(1));
        Should.Throw<ObjectDisposedException>(() => db.Execute("select 1"));
        Should.Throw<ObjectDisposedException>(db.Interrupt);
        Should.Throw<ObjectDisposedException>(() => db.Progress);
        reader.Dispose();
        appender.Dispose();
        db.Dispose();
    }

    [Fact]
    public void Values_outside_a_row_are_refused()
    {
        using var reader = _db.Query("select 1 as x");
        Should.Throw<InvalidOperationException>(() => reader.Get<int>(0));
        reader.Read();
        reader.Read();
        Should.Throw<InvalidOperationException>(() => reader.Get<int>(0));
        Should.Throw<ArgumentException>(() => reader.Ordinal("y")).Message.ShouldContain("the columns are x");
    }

    [Fact]
    public void Bad_options_are_refused_with_what_was_given()
    {
        Should.Throw<ArgumentException>(() => DuckDbConnection.Open(new DuckDbOptions { Threads = 0 })).Message.ShouldContain("got 0");
        Should.Throw<DuckDbException>(() => DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = "plenty" })).Message.ShouldContain("plenty");
        Should.Throw<DuckDbException>(() => DuckDbConnection.Open(new DuckDbOptions { DatabasePath = "/no/such/folder/x.db" })).Message.ShouldContain("/no/such/folder/x.db");
    }

    [Fact]
    public void A_missing_library_says_where_it_was_sought_and_what_to_do()
    {
        var text = Path.GetTempFileName();
        try
        {
            var error = Should.Throw<DuckDbException>(() => NativeLibraryLoader.Load(["/no/such/libduckdb.so", text]));

            error.Kind.ShouldBe(DuckDbErrorKind.LibraryMissing);
            error.Message.ShouldContain("npm ci --prefix native");
            error.Message.ShouldContain("/no/such/libduckdb.so: no such file");
            error.Message.ShouldContain(text);
        }
        finally
        {
            File.Delete(text);
        }
    }

    [Fact]
    public void The_library_is_the_pinned_version() => DuckDbConnection.LibraryVersion.ShouldBe("v1.5.6");

    public void Dispose() => _db.Dispose();

    private static async Task InterruptUntilStoppedAsync(DuckDbConnection db, Task running)
    {
        while (!running.IsCompleted)
        {
            db.Interrupt();
            await Task.WhenAny(running, Task.Delay(1));
        }
    }
}
