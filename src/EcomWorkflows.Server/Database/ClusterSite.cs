using System.ComponentModel;
using System.Security.Cryptography;
using System.Text;

namespace EcomWorkflows.Server.Database;

/// <summary>Chooses folders that the server can really use: under the home where possible, elsewhere where not.</summary>
internal static class ClusterSite
{
    /// <summary>The size of <c>sun_path</c> without its closing zero: the longest path a unix socket can have, in bytes.</summary>
    private const int LongestSocketPath = 107;

    /// <summary>In a fallback folder: which home it belongs to.</summary>
    private const string OwnerFile = "home";

    private const string LongestSocketName = ".s.PGSQL.65535";

    /// <summary>Folders that survive a reboot and that every account may pass through; root may write to the first.</summary>
    private static readonly string[] FallbackParents = ["/var/lib", "/var/tmp"];

    /// <summary>The folder for a new cluster: <c>HOME/postgres/cluster</c>, or a fallback where the server's account cannot get there.</summary>
    public static string ChooseFolder(string root, ServerAccount account)
    {
        var folder = Path.Combine(root, "cluster");
        if (TryCreate(folder, account))
            return folder;

        var name = $"ecom-{Libc.UserId}-{RandomNumberGenerator.GetHexString(8, lowercase: true)}";
        var fallback = FallbackParents.Select(parent => Path.Combine(parent, name)).FirstOrDefault(candidate => TryCreate(candidate, account))
            ?? throw new EmbeddedPostgresException(
                $"The account '{account.Name}', which runs PostgreSQL, can write neither under {root} nor under {string.Join(" or ", FallbackParents)}.",
                $"Set ECOM_HOME to a folder whose parents are all open to it (chmod a+x), or ECOM_DATABASE to a PostgreSQL of your own.");
        File.WriteAllText(Path.Combine(fallback, OwnerFile), root);
        return fallback;
    }

    /// <summary>The folder of the unix socket: in the cluster, or a fresh one under the temporary folder where its path would be too long.</summary>
    public static string ChooseSocketFolder(string clusterFolder, ServerAccount account)
    {
        var folder = Path.Combine(clusterFolder, "run");
        if (!Fits(folder))
            folder = Directory.CreateTempSubdirectory("ecom-").FullName;
        if (!Fits(folder))
            folder = Path.Combine("/var/tmp", $"ecom-{RandomNumberGenerator.GetHexString(8, lowercase: true)}");

        account.CreateFolder(folder);
        return folder;
    }

    /// <summary>What the user should know about where the parts are; empty where all is under the home.</summary>
    public static IReadOnlyList<string> Announce(string root, ClusterLayout layout)
    {
        var notices = new List<string>();
        if (Path.GetDirectoryName(layout.Folder) != root)
        {
            notices.Add($"The database cluster is in {layout.Folder}: the account '{layout.Account}', which runs it, cannot reach {root}.");
            notices.AddRange(FindAbandoned(root, layout).Select(folder =>
                $"{folder} holds the database of an earlier state of {root} that no longer exists; to free its space: rm -rf {folder}"));
        }

        if (Path.GetDirectoryName(layout.SocketFolder) != layout.Folder)
            notices.Add($"The database socket is in {layout.SocketFolder}: its path under {layout.Folder} would be longer than {LongestSocketPath} bytes.");

        return notices;
    }

    /// <summary>Fallback folders of the same home that nothing points to any more: their home was removed.</summary>
    private static IEnumerable<string> FindAbandoned(string root, ClusterLayout layout) =>
        FallbackParents
            .SelectMany(parent => Directory.EnumerateDirectories(parent, $"ecom-{Libc.UserId}-*"))
            .Where(folder => folder != layout.Folder)
            .Where(folder => File.Exists(Path.Combine(folder, OwnerFile)) && File.ReadAllText(Path.Combine(folder, OwnerFile)) == root);

    private static bool Fits(string socketFolder) =>
        Encoding.UTF8.GetByteCount(Path.Combine(socketFolder, LongestSocketName)) <= LongestSocketPath;

    private static bool TryCreate(string folder, ServerAccount account)
    {
        try
        {
            account.CreateFolder(folder);
            if (account.CanWrite(folder))
                return true;

            Directory.Delete(folder);
            return false;
        }
        catch (Exception refusal) when (account.Switches && refusal is UnauthorizedAccessException or IOException or Win32Exception)
        {
            // A read-only /var/lib, or a file system without owners: the next candidate may do.
            return false;
        }
    }
}
