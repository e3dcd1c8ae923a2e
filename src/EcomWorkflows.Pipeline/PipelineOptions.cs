namespace EcomWorkflows.Pipeline;

/// <summary>Where the pipeline keeps and finds things.</summary>
public sealed record PipelineOptions
{
    public const string DefaultDuckDbMemoryLimit = "512MB";

    /// <summary>Proposing a suite looks at a whole table again and again.</summary>
    public const string DefaultProfilingMemoryLimit = "1GB";

    /// <summary>State folder (<c>ECOM_HOME</c>), absolute.</summary>
    public required string Home { get; init; }

    /// <summary>Folder with <c>*.json</c> DAGs, <c>sources/</c> and <c>expectations/</c>, absolute.</summary>
    public required string WorkflowsFolder { get; init; }

    /// <summary>The dataset repository (its own git repository), absolute.</summary>
    public required string DataVersionsFolder { get; init; }

    /// <summary>Our own HTTP address, for sources that this program serves itself in demo mode; null while no server runs.</summary>
    public string? ServerAddress { get; set; }

    /// <summary><c>ECOM_DUCKDB_MEMORY</c>: memory one DuckDB instance may use before it spills.</summary>
    public string DuckDbMemoryLimit { get; init; } = DefaultDuckDbMemoryLimit;

    /// <summary><c>ECOM_DUCKDB_MEMORY</c> too: memory DuckDB may use while a suite is proposed.</summary>
    /// <value>The default is 1GB, above that of <see cref="DuckDbMemoryLimit"/>.</value>
    public string ProfilingMemoryLimit { get; init; } = DefaultProfilingMemoryLimit;

    /// <summary>Threads of one DuckDB instance and of XGBoost.</summary>
    public int Threads { get; init; } = Environment.ProcessorCount;

    /// <summary><c>ECOM_LAKE</c>: <c>s3://bucket/prefix</c> that holds the lake, for nodes without a shared folder; null where <see cref="LakeFolder"/> does.</summary>
    public string? LakeLocation { get; init; }

    /// <summary><c>ECOM_LAKE_CONNECTION</c>: name of the stored connection of type <c>s3</c> for <see cref="LakeLocation"/>; null takes the AWS variables.</summary>
    public string? LakeConnection { get; init; }

    public string LakeFolder => Path.Combine(Home, "lake");

    public string ModelsFolder => Path.Combine(Home, "models");

    public string ReportsFolder => Path.Combine(Home, "reports");

    public string CacheFolder => Path.Combine(Home, "cache");
}
