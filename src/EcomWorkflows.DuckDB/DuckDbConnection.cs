using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB;

/// <summary>
/// A connection to a DuckDB database. One thread at a time may use it; only <see cref="Interrupt"/> and <see cref="Progress"/> may be called
/// from others. Statements run on the calling thread and block it.
/// </summary>
public sealed class DuckDbConnection : IDisposable
{
    // Held while a function is created: of two that are created at the same time in one database DuckDB loses one.
    private static readonly Lock Registration = new();

    private readonly DatabaseHandle _database;
    private readonly ConnectionHandle _connection;
    private readonly bool _tracksProgress;
    private DuckDbReader? _reader;
    private bool _isLeft;
    private bool _disposed;

    private DuckDbConnection(DatabaseHandle database, ConnectionHandle connection, bool tracksProgress)
    {
        _database = database;
        _connection = connection;
        _tracksProgress = tracksProgress;
    }

    /// <summary>The native library's version, as "v1.5.6".</summary>
    public static string LibraryVersion
    {
        get
        {
            NativeLibraryLoader.EnsureLoaded();
            return NativeText.Borrowed(NativeMethods.duckdb_library_version());
        }
    }

    /// <summary>How far the running statement is; for other threads than the one that runs it. Unknown unless <see cref="DuckDbOptions.TrackProgress"/> is set.</summary>
    public DuckDbProgress Progress
    {
        get
        {
            ThrowIfDisposed();
            var progress = NativeMethods.duckdb_query_progress(_connection);
            return new DuckDbProgress(progress.Percentage, (long)progress.RowsProcessed, (long)progress.TotalRows);
        }
    }

    internal ConnectionHandle Handle => _connection;

    /// <summary>Opens a database. The same file opened twice in one process is one database and needs the same options.</summary>
    /// <exception cref="DuckDbException">Kind LibraryMissing without the native library; IO, InvalidInput and others for a bad path or option.</exception>
    public static DuckDbConnection Open(DuckDbOptions options)
    {
        NativeLibraryLoader.EnsureLoaded();
        var settings = options.ToSettings().ToList();
        if (options.DatabasePath is { } path)
            return Connect(DatabaseOpening.Open(path, settings), options.TrackProgress);
        var connection = Connect(DatabaseOpening.OpenInMemory(), options.TrackProgress);
        try
        {
            connection.Set(settings);
            return connection;
        }
        catch
        {
            connection.Dispose();
            throw;
        }
    }

    /// <summary>Another connection to the same database, for another thread; the database closes with its last connection.</summary>
    public DuckDbConnection Duplicate()
    {
        ThrowIfDisposed();
        return Connect(_database, _tracksProgress);
    }

    /// <summary>Runs one or several statements and returns how many rows they changed or copied.</summary>
    /// <param name="parameters">Values for <c>$name</c>: an object's properties, a dictionary, or a list for <c>$1</c>, <c>$2</c>.</param>
    /// <exception cref="DuckDbException">When a statement fails; those before it have taken effect.</exception>
    /// <exception cref="OperationCanceledException">When <paramref name="ct"/> fires; the statement then has no effect.</exception>
    public long Execute(string sql, object? parameters = null, CancellationToken ct = default)
    {
        BeginStatement();
        using var interrupt = new InterruptScope(_connection, ct);
        using var batch = StatementBatch.Parse(_connection, sql);
        var values = ParameterSet.From(parameters);
        var changed = 0L;
        for (var index = 0UL; index < batch.Count; index++)
        {
            using var result = batch.Run(index, values, streaming: false, ct);
            changed += (long)NativeMethods.duckdb_rows_changed(result);
        }
        return changed;
    }

    /// <summary>The first column of the first row; default when there is no row.</summary>
    public T? Scalar<T>(string sql, object? parameters = null, CancellationToken ct = default)
    {
        using var reader = Query(sql, parameters, ct);
        return reader.Read() ? reader.Get<T?>(0) : default;
    }

    /// <summary>Runs the statements and streams the rows of the last one; the connection runs nothing else until the reader is disposed.</summary>
    /// <exception cref="DuckDbException">When a statement fails; an error while rows are computed comes from the reader.</exception>
    public DuckDbReader Query(string sql, object? parameters = null, CancellationToken ct = default)
    {
        BeginStatement();
        InterruptScope? interrupt = null;
        ResultHandle? result = null;
        try
        {
            interrupt = new InterruptScope(_connection, ct);
            using var batch = StatementBatch.Parse(_connection, sql);
            var values = ParameterSet.From(parameters);
            for (var index = 0UL; index + 1 < batch.Count; index++)
                batch.Run(index, values, streaming: false, ct).Dispose();
            result = batch.Run(batch.Count - 1, values, streaming: true, ct);
            return _reader = new DuckDbReader(this, result, interrupt, sql);
        }
        catch
        {
            result?.Dispose();
            interrupt?.Dispose();
            throw;
        }
    }

    public IReadOnlyList<T> QueryRows<T>(string sql, Func<DuckDbReader, T> map, object? parameters = null, CancellationToken ct = default)
    {
        using var reader = Query(sql, parameters, ct);
        var rows = new List<T>();
        while (reader.Read())
            rows.Add(map(reader));
        return rows;
    }

    /// <summary>Bulk insert into an existing table, in its column order.</summary>
    /// <exception cref="DuckDbException">Kind Catalog or InvalidInput, when there is no such table.</exception>
    public DuckDbAppender CreateAppender(string table, string? schema = null)
    {
        BeginStatement();
        return DuckDbAppender.Create(this, table, schema);
    }

    /// <summary>Makes a boolean function <c>name(…)</c> for SQL, as long as the database is open. It is called once for each row that reaches it, nulls included.</summary>
    /// <param name="name">New: DuckDB keeps the function there was.</param>
    /// <param name="parameters">Primitive types and texts.</param>
    /// <param name="predicate">What it throws makes the statement fail with its message.</param>
    /// <exception cref="DuckDbException">Kind Catalog: it cannot be created.</exception>
    public void CreatePredicate(string name, IReadOnlyList<DuckDbType> parameters, DuckDbPredicate predicate)
    {
        BeginRegistration();
        lock (Registration)
            PredicateFunction.Register(this, name, parameters, predicate);
    }

    /// <summary>A table function <c>name()</c> for one statement of this connection, whose rows another thread writes meanwhile.</summary>
    /// <param name="likeTable">An existing table with the same columns.</param>
    /// <param name="started">Called once when the first rows are there, to start the statement on another thread; null where it runs already.</param>
    /// <exception cref="DuckDbException">Kind Catalog or InvalidInput, when there is no such table, or the name is taken.</exception>
    public DuckDbRowStream CreateRowStream(string name, string likeTable, Action? started = null)
    {
        BeginRegistration();
        lock (Registration)
            return DuckDbRowStream.Create(this, name, likeTable, expected: null, started);
    }

    /// <summary>Runs one statement over rows that this thread writes meanwhile, and returns how many rows it changed or copied.</summary>
    /// <param name="name">The statement reads them as <c>name()</c>, once and in their order.</param>
    /// <param name="likeTable">An existing table with the same columns.</param>
    /// <param name="expected">About how many rows there will be: the statement is planned for so many.</param>
    /// <exception cref="DuckDbException">When the statement fails; writing then ends with the same.</exception>
    /// <exception cref="OperationCanceledException">When <paramref name="ct"/> fires; the statement then has no effect.</exception>
    public long ExecuteOver(string name, string likeTable, long expected, Action<DuckDbRowStream> write, string sql, object? parameters = null, CancellationToken ct = default) =>
        RunOver(name, likeTable, expected, write, () => Execute(sql, parameters, ct));

    /// <summary>As <see cref="ExecuteOver"/>, for one statement of this connection whose rows are read too.</summary>
    /// <param name="statement">Runs it, on another thread.</param>
    public T RunOver<T>(string name, string likeTable, long expected, Action<DuckDbRowStream> write, Func<T> statement)
    {
        BeginRegistration();
        Task<T>? running = null;
        DuckDbRowStream? stream = null;
        lock (Registration)
            stream = DuckDbRowStream.Create(this, name, likeTable, expected, () => running = Task.Factory.StartNew(Run, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default));
        using var rows = stream;
        try
        {
            write(rows);
            rows.Complete();
            return running!.GetAwaiter().GetResult();
        }
        finally
        {
            rows.Break();
            // What it threw was thrown above; or the writer failed first, and it had to fail.
            running?.ContinueWith(_ => { }, CancellationToken.None, TaskContinuationOptions.ExecuteSynchronously, TaskScheduler.Default).Wait(CancellationToken.None);
        }

        T Run()
        {
            try
            {
                return statement();
            }
            catch (Exception failure)
            {
                stream!.Abandon(failure);
                throw;
            }
        }
    }

    /// <summary>Stops the running statement, which then throws <see cref="DuckDbInterruptedException"/>; nothing happens when none runs.</summary>
    public void Interrupt()
    {
        ThrowIfDisposed();
        NativeMethods.duckdb_interrupt(_connection);
    }

    public void Dispose()
    {
        if (_disposed)
            return;
        _reader?.Dispose();
        _disposed = true;
        _connection.Dispose();
        _database.Leave();
    }

    internal void ThrowIfDisposed() => ObjectDisposedException.ThrowIf(_disposed, this);

    internal void BeginStatement()
    {
        ThrowIfDisposed();
        if (_reader is not null)
            throw new InvalidOperationException("A reader of this connection is still open: dispose it first, or use a Duplicate() of the connection.");
        _isLeft = false;
    }

    /// <param name="isLeft">Whether the statement had further rows.</param>
    internal void Closed(DuckDbReader reader, bool isLeft)
    {
        if (_reader == reader)
            (_reader, _isLeft) = (null, isLeft);
    }

    /// <summary>A statement that was left before its end keeps its transaction until the next one, and takes with it what is registered until then.</summary>
    private void BeginRegistration()
    {
        if (_isLeft)
            Execute("select 1");
        BeginStatement();
    }

    /// <summary>Makes settings of the database.</summary>
    private void Set(IEnumerable<KeyValuePair<string, string>> settings)
    {
        foreach (var (name, value) in settings)
        {
            try
            {
                Execute($"set global {name} = {DuckDbSql.Literal(value)}");
            }
            catch (DuckDbException)
            {
                throw DatabaseOpening.Refused(name, value);
            }
        }
    }

    private static DuckDbConnection Connect(DatabaseHandle database, bool trackProgress)
    {
        database.Join();
        if (NativeMethods.duckdb_connect(database, out var handle) != 0)
        {
            handle.Dispose();
            database.Leave();
            throw new DuckDbException(DuckDbErrorKind.Connection, "DuckDB refused a new connection.");
        }
        handle.KeepOpen(database);
        var connection = new DuckDbConnection(database, handle, trackProgress);
        connection.Execute("set timezone = 'UTC'");
        if (trackProgress)
        {
            connection.Execute(
                """
                set enable_progress_bar = true;
                set enable_progress_bar_print = false;
                set progress_bar_time = 0
                """);
        }
        return connection;
    }
}
