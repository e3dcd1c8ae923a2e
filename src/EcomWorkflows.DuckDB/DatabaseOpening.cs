using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB;

/// <summary>Opens databases with their settings.</summary>
internal static class DatabaseOpening
{
    // Two instances on one file would not see each other's locks inside one process; the cache makes them one.
    private static readonly Lazy<nint> Instances = new(NativeMethods.duckdb_create_instance_cache);

    public static DatabaseHandle Open(DuckDbOptions options)
    {
        if (NativeMethods.duckdb_create_config(out var config) != 0)
            throw new DuckDbException(DuckDbErrorKind.OutOfMemory, "DuckDB could not create its configuration.");
        using (config)
        {
            foreach (var (name, value) in options.ToSettings())
            {
                if (NativeMethods.duckdb_set_config(config, name, value) != 0)
                    throw new DuckDbException(DuckDbErrorKind.InvalidConfiguration, $"DuckDB does not accept the option {name} = '{value}'.");
            }
            var state = options.DatabasePath is null
                ? NativeMethods.duckdb_open_ext(null, out var database, config, out var error)
                : NativeMethods.duckdb_get_or_create_from_cache(Instances.Value, Path.GetFullPath(options.DatabasePath), out database, config, out error);
            var message = NativeText.Owned(error);
            if (state == 0)
                return database;
            database.Dispose();
            throw new DuckDbException(
                DuckDbErrorKind.IO, $"DuckDB could not open {options.DatabasePath ?? "a database in memory"}: {message}");
        }
    }
}
