namespace EcomWorkflows.Pipeline.Versioning.Comparison;

/// <summary>A file that is not the same in two versions.</summary>
/// <param name="Kind"><c>added</c>, <c>removed</c>, <c>changed</c> or <c>renamed</c>.</param>
/// <param name="Path">Place inside the dataset, of the later version where it has the file.</param>
/// <param name="OldPath">Of a renamed file.</param>
/// <param name="BytesDelta">Bytes more than before.</param>
public sealed record FileDifference(string Kind, string Path, string? OldPath, long BytesDelta)
{
    /// <summary>What is different between the files of two versions, by path.</summary>
    internal static IReadOnlyList<FileDifference> Between(IReadOnlyList<CachedFile> before, IReadOnlyList<CachedFile> after)
    {
        var old = before.ToDictionary(f => f.RelativePath, StringComparer.Ordinal);
        var now = after.ToDictionary(f => f.RelativePath, StringComparer.Ordinal);
        var gone = before.Where(f => !now.ContainsKey(f.RelativePath)).ToList();
        var differences = new List<FileDifference>();
        foreach (var file in after)
        {
            if (old.TryGetValue(file.RelativePath, out var same))
            {
                if (same.Md5 != file.Md5)
                    differences.Add(new FileDifference("changed", file.RelativePath, null, file.Bytes - same.Bytes));
            }
            else if (gone.Find(f => f.Md5 == file.Md5) is { } renamed)
            {
                gone.Remove(renamed);
                differences.Add(new FileDifference("renamed", file.RelativePath, renamed.RelativePath, 0));
            }
            else
                differences.Add(new FileDifference("added", file.RelativePath, null, file.Bytes));
        }
        differences.AddRange(gone.Select(f => new FileDifference("removed", f.RelativePath, null, -f.Bytes)));
        return [.. differences.OrderBy(d => d.Path, StringComparer.Ordinal)];
    }
}
