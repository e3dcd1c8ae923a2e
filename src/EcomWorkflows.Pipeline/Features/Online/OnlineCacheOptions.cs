namespace EcomWorkflows.Pipeline.Features.Online;

/// <summary>How much of the online store a process keeps in memory.</summary>
public sealed record OnlineCacheOptions
{
    /// <summary>Entities per view version; 0 reads every request from PostgreSQL.</summary>
    /// <value>The default is 200,000: about 150 MB of a view of 50 features.</value>
    public int RowsPerView { get; init; } = 200_000;
}
