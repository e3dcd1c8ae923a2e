using System.Globalization;

namespace EcomWorkflows.DuckDB;

/// <summary>How a database is opened; the defaults suit a task that computes over Parquet in a private in-memory database.</summary>
public sealed record DuckDbOptions
{
    /// <summary>File of the database; null for a private one in memory.</summary>
    public string? DatabasePath { get; init; }

    /// <summary>Most memory DuckDB takes before it spills, as DuckDB writes sizes ("512MB", "2GB"); null for DuckDB's own limit (80 % of the machine).</summary>
    public string? MemoryLimit { get; init; } = "512MB";

    /// <summary>Worker threads, at least 1.</summary>
    public int Threads { get; init; } = 2;

    /// <summary>Folder for spilled data; null for one beside the database file, or a fresh one below the system's temporary folder.</summary>
    public string? TempDirectory { get; init; }

    /// <summary>Whether a query without ORDER BY returns rows in the order of its source; costs memory and parallelism.</summary>
    public bool PreserveInsertionOrder { get; init; }

    /// <summary>Whether <see cref="DuckDbConnection.Progress"/> is known. The thread that runs a statement then computes it over and over while others work for it: it costs a core.</summary>
    public bool TrackProgress { get; init; }

    /// <summary>The settings as DuckDB names them.</summary>
    /// <exception cref="ArgumentException">When a value is out of its range.</exception>
    internal IEnumerable<KeyValuePair<string, string>> ToSettings()
    {
        if (Threads < 1)
            throw new ArgumentException($"DuckDbOptions.Threads: allowed is 1 or more, got {Threads}.");
        if (MemoryLimit is not null)
            yield return new("memory_limit", MemoryLimit);
        yield return new("threads", Threads.ToString(CultureInfo.InvariantCulture));
        // DuckDB's own default for a database in memory, ".tmp" in the working directory, would be shared by all of them.
        if (TempDirectory is not null || DatabasePath is null)
            yield return new("temp_directory", TempDirectory ?? Path.Combine(Path.GetTempPath(), $"ecom-duckdb-{Guid.NewGuid():N}"));
        yield return new("preserve_insertion_order", PreserveInsertionOrder ? "true" : "false");
        // Nothing is ever downloaded: what is not linked into the library is an error at once.
        yield return new("autoinstall_known_extensions", "false");
        yield return new("autoload_known_extensions", "false");
    }
}
