namespace EcomWorkflows.Pipeline.Versioning.Keeping;

/// <summary>What a file of a restored lake snapshot is a copy of; stands in the catalog as its origin.</summary>
/// <param name="SnapshotId">Snapshot the version was made of; perhaps another lake's.</param>
internal sealed record RestoredFrom(string Tag, long SnapshotId)
{
    private const string Prefix = "restored:";

    /// <summary>Null for files of other origin.</summary>
    public static RestoredFrom? TryParse(string? origin) =>
        origin is not null && origin.StartsWith(Prefix, StringComparison.Ordinal) && origin[Prefix.Length..].Split(':') is [var tag, var id] && long.TryParse(id, out var snapshot)
            ? new RestoredFrom(tag, snapshot)
            : null;

    public override string ToString() => $"{Prefix}{Tag}:{SnapshotId}";
}
