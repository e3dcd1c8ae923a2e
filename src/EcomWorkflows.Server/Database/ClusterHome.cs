using System.Security.Cryptography;
using Npgsql;

namespace EcomWorkflows.Server.Database;

/// <summary>The folder <c>ECOM_HOME/postgres</c>: what the programs sharing one cluster keep about it.</summary>
internal sealed class ClusterHome
{
    private ClusterHome(string root) => Root = root;

    public string Root { get; }

    /// <summary>Held while a program starts, joins or leaves the cluster.</summary>
    public string GatePath => Path.Combine(Root, "gate.lock");

    /// <summary>Held, shared, by every program that uses the cluster.</summary>
    public string UsersPath => Path.Combine(Root, "users.lock");

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
            foreach (var lockPath in new[] { home.GatePath, home.UsersPath })
                using (new FileStream(lockPath, FileMode.OpenOrCreate, FileAccess.ReadWrite, FileShare.ReadWrite))
                {
                }
        }
        catch (Exception refusal) when (refusal is UnauthorizedAccessException or IOException)
        {
            throw new EmbeddedPostgresException(
                $"The home {path} cannot be used by the user '{Environment.UserName}' ({refusal.Message}).",
                "Set ECOM_HOME to a folder this user can write, or give this one to the user with chown -R.",
                refusal);
        }

        return home;
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
}
