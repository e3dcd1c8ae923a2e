namespace EcomWorkflows.Pipeline.Validation.Reports;

/// <summary>A report folder that is written out of sight and moved to its place while the result is published.</summary>
/// <remarks>The move is the last act inside the fenced transaction, so a stale attempt never gets that far and a failed commit leaves at worst a report that the retry replaces.</remarks>
internal sealed class StagedReport(PipelineOptions options, string source, long runId, string entity, long attemptId) : IDisposable
{
    /// <summary>Where the report will be, relative to ECOM_HOME.</summary>
    public string Path { get; } = $"reports/quality/{source}/run-{runId}/{entity}";

    private string Final => System.IO.Path.Combine(options.ReportsFolder, "quality", source, $"run-{runId}", entity);

    /// <summary>Where it is written until then.</summary>
    public string Folder => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Final)!, $".{entity}-attempt-{attemptId}");

    private string Replaced => $"{Folder}-replaced";

    public void MoveToPlace()
    {
        if (Directory.Exists(Final))
            Directory.Move(Final, Replaced);
        Directory.Move(Folder, Final);
    }

    /// <summary>Removes what is not in its place: the replaced report, or this one when it was not published.</summary>
    public void Dispose()
    {
        foreach (var folder in new[] { Folder, Replaced }.Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
    }
}
