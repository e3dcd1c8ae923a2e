using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB;

/// <summary>Opens databases.</summary>
internal static class DatabaseOpening
{
    // Two instances on one file would not see each other's locks inside one process; the cache makes them one.
    private static readonly Lazy<nint> Instances = new(NativeMethods.duckdb_create_instance_cache);

    private static readonly Lock Gate = new();

    private static Task<DatabaseHandle>? spare;
    private static bool hasOpened;

    /// <summary>
    /// A database in memory, with settings that are yet to be made. Opening one takes longer than most statements: who opens a second one finds it open from then on, since
    /// the next is opened while this one is used.
    /// </summary>
    public static DatabaseHandle OpenInMemory()
    {
        Task<DatabaseHandle>? ready;
        lock (Gate)
        {
            ready = spare;
            spare = hasOpened ? Task.Factory.StartNew(OpenUnset, CancellationToken.None, TaskCreationOptions.LongRunning, TaskScheduler.Default) : null;
            hasOpened = true;
        }
        return ready is null ? OpenUnset() : ready.GetAwaiter().GetResult();
    }

    /// <param name="path">The database's file; null for one in memory.</param>
    public static DatabaseHandle Open(string? path, IEnumerable<KeyValuePair<string, string>> settings)
    {
        if (NativeMethods.duckdb_create_config(out var config) != 0)
            throw new DuckDbException(DuckDbErrorKind.OutOfMemory, "DuckDB could not create its configuration.");
        using (config)
        {
            foreach (var (name, value) in settings)
            {
                if (NativeMethods.duckdb_set_config(config, name, value) != 0)
                    throw Refused(name, value);
            }
            var state = path is null
                ? NativeMethods.duckdb_open_ext(null, out var database, config, out var error)
                : NativeMethods.duckdb_get_or_create_from_cache(Instances.Value, Path.GetFullPath(path), out database, config, out error);
            var message = NativeText.Owned(error);
            if (state == 0)
                return database;
            database.Dispose();
            throw new DuckDbException(DuckDbErrorKind.IO, $"DuckDB could not open {path ?? "a database in memory"}: {message}");
        }
    }

    public static DuckDbException Refused(string name, string value) =>
        new(DuckDbErrorKind.InvalidConfiguration, $"DuckDB does not accept the option {name} = '{value}'.");

    // One thread: workers come with the settings of who takes it.
    private static DatabaseHandle OpenUnset() => Open(null, [new("threads", "1")]);
}
