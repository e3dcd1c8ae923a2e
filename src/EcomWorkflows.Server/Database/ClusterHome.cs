using System.Security.Cryptography;
using Npgsql;

namespace EcomWorkflows.Server.Database;

/// <summary>The folder <c>ECOM_HOME/postgres</c>: what the programs sharing one cluster keep about it.</summary>
internal sealed class ClusterHome
{
    private ClusterHome(string root) => Root = root;

    public string Root { get; }

    /// <summary>Held while a program starts, joins or leaves the cluster.</summary>
    private string GatePath => Path.Combine(Root, "gate.lock");

    /// <summary>Held, shared, by every program that uses the cluster.</summary>
    private string UsersPath => Path.Combine(Root, "users.lock");

    public string LayoutPath => Path.Combine(Root, "cluster.json");

    private string PasswordPath => Path.Combine(Root, "password");

    /// <summary>Opens the folder, creating what is missing.</summary>
    /// <exception cref="EmbeddedPostgresException">The home cannot be created or written.</exception>
    public static ClusterHome Open(string path)
    {
        var home = new ClusterHome(Path.Combine(Path.GetFullPath(path), "postgres"));
        try
        {
            Directory.CreateDirectory(home.Root);
        }
        catch (Exception refusal) when (refusal is UnauthorizedAccessException or IOException)
        {
            throw home.Closed(refusal);
        }

        return home;
    }

    /// <summary>Waits for the right to start, join or leave.</summary>
    public async Task<FileLock> TakeGateAsync(TimeProvider time, CancellationToken cancellationToken)
    {
        try
        {
            return await FileLock.TakeExclusiveAsync(GatePath, time, cancellationToken);
        }
        catch (Exception refusal) when (refusal is UnauthorizedAccessException or IOException)
        {
            throw Closed(refusal);
        }
    }

    /// <summary>Enters as one of the cluster's users and says whether there are others. The caller holds the gate.</summary>
    public (FileLock Share, bool OtherUsers) Enter()
    {
        var alone = FileLock.TryTakeExclusive(UsersPath);
        alone?.Dispose();
        var share = FileLock.TryTakeShared(UsersPath)
            ?? throw new EmbeddedPostgresException($"{UsersPath} is locked by a foreign program.", $"See which one with: fuser {UsersPath}");
        return (share, OtherUsers: alone is null);
    }

    /// <summary>Gives the share back; true for the last user. The caller holds the gate.</summary>
    public bool Leave(FileLock share)
    {
        share.Dispose();
        using var last = FileLock.TryTakeExclusive(UsersPath);
        return last is not null;
    }

    /// <summary>The cluster's password, made up at first use; readable by this user alone.</summary>
    public string Password()
    {
        if (File.Exists(PasswordPath) && File.ReadAllText(PasswordPath) is { Length: > 0 } known)
            return known;

        var password = RandomNumberGenerator.GetHexString(32, lowercase: true);
        var options = new FileStreamOptions
        {
            Mode = FileMode.Create,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using var writer = new StreamWriter(PasswordPath, options);
        writer.Write(password);
        return password;
    }

    public string ConnectionString(ClusterLayout layout, string database) => new NpgsqlConnectionStringBuilder
    {
        Host = layout.SocketFolder,
        Port = layout.Port,
        Username = ClusterCreation.Superuser,
        Password = Password(),
        Database = database,
    }.ConnectionString;

    private EmbeddedPostgresException Closed(Exception refusal) => new(
        $"The home {Path.GetDirectoryName(Root)} cannot be used by the user '{Environment.UserName}' ({refusal.Message}).",
        "Set ECOM_HOME to a folder this user can write, or give this one to the user with chown -R.",
        refusal);
}
