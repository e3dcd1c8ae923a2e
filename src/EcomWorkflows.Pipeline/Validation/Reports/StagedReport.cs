namespace EcomWorkflows.Pipeline.Validation.Reports;

/// <summary>A report folder that is written out of sight and moved to its place while the result is published.</summary>
/// <remarks>The move is the last act inside the fenced transaction, so a stale attempt never gets that far; when the commit then fails, it is undone.</remarks>
/// <param name="kind">Folder of reports of this kind.</param>
internal sealed class StagedReport(PipelineOptions options, string source, long runId, string entity, long attemptId, string kind = "quality") : IDisposable
{
    private bool published;

    /// <summary>Where the report will be, relative to ECOM_HOME.</summary>
    public string Path { get; } = $"reports/{kind}/{source}/run-{runId}/{entity}";

    /// <summary>Where it is written until then; hidden, so no server shows it.</summary>
    public string Folder => System.IO.Path.Combine(System.IO.Path.GetDirectoryName(Final)!, $".{entity}-attempt-{attemptId}");

    private string Final => System.IO.Path.Combine(options.ReportsFolder, kind, source, $"run-{runId}", entity);

    private string Replaced => $"{Folder}-replaced";

    public void MoveToPlace()
    {
        if (Directory.Exists(Final))
            Directory.Move(Final, Replaced);
        Directory.Move(Folder, Final);
    }

    /// <summary>The result was committed: the report stays.</summary>
    public void Keep() => published = true;

    /// <summary>Removes what was replaced; or, when the result was not committed, this report, and puts back what it had replaced.</summary>
    public void Dispose()
    {
        if (!published && Directory.Exists(Replaced))
        {
            if (Directory.Exists(Final))
                Directory.Delete(Final, recursive: true);
            Directory.Move(Replaced, Final);
        }
        foreach (var folder in new[] { Folder, Replaced }.Where(Directory.Exists))
            Directory.Delete(folder, recursive: true);
    }
}
