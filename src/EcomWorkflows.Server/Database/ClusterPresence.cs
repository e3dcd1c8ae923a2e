namespace EcomWorkflows.Server.Database;

/// <summary>
/// Whether the cluster that programs are using is still where it was. A data folder that was deleted, unmounted, emptied or exchanged beside them is not replaced: with
/// a new cluster in its place they would go on without their history.
/// </summary>
internal static class ClusterPresence
{
    private const string GoesOn =
        "Put it back (mount the disk, move the folder back) or restore its backup: running programs then go on by themselves. Nothing is made in its place while they run; "
        + "to start anew, stop them and start with ECOM_HOME set to another folder.";

    /// <param name="layout">Where the cluster was.</param>
    /// <param name="identifier">The one it was; null for any.</param>
    /// <exception cref="EmbeddedPostgresException">It is not there; the message says what is there instead.</exception>
    public static void Require(ClusterLayout layout, ulong? identifier)
    {
        try
        {
            if (FindLack(layout.DataFolder) is { } lack)
                throw new EmbeddedPostgresException($"The private database's data folder {layout.DataFolder} {lack} while programs are using it.", GoesOn);
            if (identifier is { } began && layout.Identifier is var found && found != began)
                throw new EmbeddedPostgresException(
                    $"The private database's data folder {layout.DataFolder} holds another cluster (system identifier {found}) than the one this program began with ({began}).",
                    $"{GoesOn} To go on with the cluster that is there now, start the program again.");
        }
        catch (Exception unreadable) when (unreadable is IOException or UnauthorizedAccessException)
        {
            throw new EmbeddedPostgresException($"The private database's data folder {layout.DataFolder} cannot be read ({unreadable.Message}).", GoesOn, unreadable);
        }
    }

    /// <summary>What makes a folder none with a cluster in it, in words that follow its name; null where nothing does.</summary>
    public static string? FindLack(string dataFolder) =>
        !Directory.Exists(dataFolder) ? Missing(dataFolder)
        : !Directory.EnumerateFileSystemEntries(dataFolder).Any() ? "is empty"
        : ClusterLayout.RequiredFiles.FirstOrDefault(file => !File.Exists(Path.Combine(dataFolder, file))) is { } file ? $"holds no cluster ({file} is missing)"
        : null;

    /// <summary>Names the outermost folder of the path that is not there, so that a home or a mount that is gone is seen as such.</summary>
    private static string Missing(string dataFolder)
    {
        var outermost = dataFolder;
        while (Path.GetDirectoryName(outermost) is { } parent && !Directory.Exists(parent))
            outermost = parent;
        return outermost == dataFolder ? "is gone" : $"is gone ({outermost} does not exist)";
    }
}
