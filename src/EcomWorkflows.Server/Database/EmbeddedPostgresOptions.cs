namespace EcomWorkflows.Server.Database;

/// <summary>Where the private cluster lives and how long its server may take.</summary>
public sealed record EmbeddedPostgresOptions
{
    /// <summary>The folder of all program state (ECOM_HOME); the cluster is its subfolder <c>postgres</c>.</summary>
    public required string Home { get; init; }

    /// <summary>How long a starting server, recovery included, may take before the start is given up.</summary>
    /// <value>Default: 2 minutes.</value>
    public TimeSpan StartTimeout { get; init; } = TimeSpan.FromMinutes(2);

    /// <summary>How long a stopping server may take before it is left to stop by itself.</summary>
    /// <value>Default: 30 seconds.</value>
    public TimeSpan StopTimeout { get; init; } = TimeSpan.FromSeconds(30);

    /// <summary>Server settings that replace the program's own, for example <c>fsync</c> in tests.</summary>
    public IReadOnlyDictionary<string, string> Settings { get; init; } = new Dictionary<string, string>();

    /// <summary>For a cluster that lives as long as a test run: nothing is synced to disk, and many test classes connect at once.</summary>
    public static EmbeddedPostgresOptions Temporary(string home) => new()
    {
        Home = home,
        Settings = new Dictionary<string, string> { ["fsync"] = "off", ["max_connections"] = "400" },
    };
}
