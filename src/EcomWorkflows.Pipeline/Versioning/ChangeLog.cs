namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>The repository's <c>CHANGELOG.md</c>, newest entry first.</summary>
internal static class ChangeLog
{
    private const string Title = "# Dataset versions\n";

    /// <summary>The log with one entry more.</summary>
    public static string Add(string? log, DatasetManifest manifest)
    {
        var older = log is null ? "" : log[(log.StartsWith(Title, StringComparison.Ordinal) ? Title.Length : 0)..];
        return
            $"""
            {Title}
            ## {manifest.Tag} ({manifest.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm:ss} UTC)

            - {manifest.ChangeNote}
            - {manifest.Rows:#,0} rows, {manifest.Files.Count:#,0} file(s), {manifest.Size:#,0} bytes, md5 {manifest.Md5}
            - run {manifest.CreatedBy.Run} of {manifest.CreatedBy.Dag}, attempt {manifest.CreatedBy.AttemptId}

            """.ReplaceLineEndings("\n") + older;
    }
}
