namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>The repository's <c>CHANGELOG.md</c>, newest entry first.</summary>
internal static class ChangeLog
{
    public const string Path = "CHANGELOG.md";

    private const string Title = "# Dataset versions\n";

    private const string EntryMark = "\n## ";

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
            - {manifest.CreatedBy}

            """.ReplaceLineEndings("\n") + older;
    }

    /// <summary>The log of two histories that went on separately: the entries of both, the other's own before ours.</summary>
    public static string Merge(string? ours, string? theirs)
    {
        var own = Entries(ours);
        return Title + string.Concat(Entries(theirs).Except(own, StringComparer.Ordinal).Concat(own).Select(entry => EntryMark + entry));
    }

    private static List<string> Entries(string? log) => log is null ? [] : [.. log.Split(EntryMark).Skip(1)];
}
