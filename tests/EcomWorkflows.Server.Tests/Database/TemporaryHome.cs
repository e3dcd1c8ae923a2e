using EcomWorkflows.Server.Database;

namespace EcomWorkflows.Server.Tests.Database;

/// <summary>An empty ECOM_HOME that other accounts may pass through, removed afterwards with what its cluster left elsewhere.</summary>
internal sealed class TemporaryHome : IDisposable
{
    private const UnixFileMode OpenToPass = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute | UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    private readonly DirectoryInfo folder = Directory.CreateTempSubdirectory("ecom-home-");

    public TemporaryHome(string below = "home")
    {
        folder.UnixFileMode = OpenToPass;
        Path = System.IO.Path.Combine(folder.FullName, below);
        Directory.CreateDirectory(Path);
    }

    public string Path { get; }

    public string Postgres => System.IO.Path.Combine(Path, "postgres");

    public ClusterLayout Layout => ClusterLayout.Load(System.IO.Path.Combine(Postgres, "cluster.json"))!;

    public int? ServerProcessId => PostmasterFile.Read(Layout.DataFolder)?.ProcessId;

    /// <summary>Makes the home passable for its owner only.</summary>
    public TemporaryHome Closed()
    {
        folder.UnixFileMode = UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute;
        return this;
    }

    public TemporaryHome OwnedBy(string account)
    {
        var (user, group) = Libc.FindAccount(account)!.Value;
        Libc.ChangeOwner(Path, user, group);
        return this;
    }

    public void Dispose()
    {
        if (File.Exists(System.IO.Path.Combine(Postgres, "cluster.json")))
        {
            var layout = Layout;
            if (PostmasterFile.Read(layout.DataFolder) is { } running && running.IsServerOf(layout.DataFolder))
                Libc.Signal(running.ProcessId, Libc.Kill);
            foreach (var elsewhere in new[] { layout.Folder, layout.SocketFolder }.Where(Directory.Exists))
                Directory.Delete(elsewhere, recursive: true);
        }

        folder.Delete(recursive: true);
    }
}
