namespace EcomWorkflows.Server.Database;

/// <summary>The server's settings: durable, and small beside the program that uses it.</summary>
internal static class ServerSettings
{
    private const long Megabyte = 1024 * 1024;

    /// <summary>Settings for a machine (or container) with this much memory, in bytes, and shared memory, in bytes.</summary>
    public static Dictionary<string, string> For(long memory, long sharedMemory)
    {
        var buffers = Math.Clamp(memory / 16, 64 * Megabyte, 256 * Megabyte) / Megabyte;
        var settings = new Dictionary<string, string>
        {
            ["fsync"] = "on",
            ["synchronous_commit"] = "on",
            ["full_page_writes"] = "on",
            ["shared_buffers"] = $"{buffers}MB",
            ["effective_cache_size"] = $"{buffers * 4}MB",
            ["work_mem"] = "32MB",
            ["maintenance_work_mem"] = "128MB",
            ["max_connections"] = "100",
            ["max_parallel_workers_per_gather"] = "2",
            ["wal_level"] = "minimal",
            ["max_wal_senders"] = "0",
            ["max_wal_size"] = "2GB",
            ["checkpoint_timeout"] = "15min",
            ["random_page_cost"] = "1.1",
            // The queue's tables grow and turn over within seconds; plans made for an empty table must not last a minute.
            ["autovacuum_naptime"] = "10s",
            ["jit"] = "off",
            ["timezone"] = "UTC",
            ["log_timezone"] = "UTC",
            ["lc_messages"] = "C",
            ["logging_collector"] = "on",
            ["log_filename"] = "postgresql-%a.log",
            ["log_truncate_on_rotation"] = "on",
            ["log_rotation_age"] = "1d",
            ["log_min_messages"] = "warning",
            ["log_line_prefix"] = "%m [%p] ",
        };

        // Containers often have 64 MB of /dev/shm, which one parallel hash join exceeds.
        if (sharedMemory < 512 * Megabyte)
            settings["dynamic_shared_memory_type"] = "mmap";

        return settings;
    }

    public static Dictionary<string, string> ForThisMachine() => For(GC.GetGCMemoryInfo().TotalAvailableMemoryBytes, SharedMemory());

    private static long SharedMemory() => Directory.Exists("/dev/shm") ? new DriveInfo("/dev/shm").TotalSize : 0;
}
