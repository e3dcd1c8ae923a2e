using System.Diagnostics;

namespace EcomWorkflows.Server.Database;

/// <summary>The account the PostgreSQL server runs as: the program's own, or an unprivileged one where the program is root.</summary>
internal sealed record ServerAccount(string Name, uint UserId, uint GroupId, bool Switches)
{
    private static readonly string[] UnprivilegedAccounts = ["postgres", "nobody"];

    /// <summary>The account for a new cluster, or the one that already owns <paramref name="recorded"/> cluster.</summary>
    public static ServerAccount Choose(string? recorded)
    {
        if (!Libc.IsRoot)
            return new ServerAccount(Environment.UserName, Libc.UserId, 0, Switches: false);

        string[] candidates = recorded is null ? UnprivilegedAccounts : [recorded];
        foreach (var name in candidates)
            if (Libc.FindAccount(name) is { User: not 0 } ids)
                return new ServerAccount(name, ids.User, ids.Group, Switches: true);

        throw new EmbeddedPostgresException(
            $"PostgreSQL refuses to run as root and there is no account '{string.Join("' or '", candidates)}' to run it as.",
            "Create one with: useradd --system --no-create-home postgres");
    }

    /// <summary>Makes the process start as this account.</summary>
    public void ApplyTo(ProcessStartInfo start)
    {
        if (Switches)
            start.UserName = Name;
    }

    /// <summary>Creates a folder only this account (and root) can enter.</summary>
    public void CreateFolder(string path)
    {
        Directory.CreateDirectory(path, UnixFileMode.UserRead | UnixFileMode.UserWrite | UnixFileMode.UserExecute);
        if (Switches)
            Libc.ChangeOwner(path, UserId, GroupId);
    }

    /// <summary>Whether this account can write into the folder, which needs every parent to be open to it.</summary>
    public bool CanWrite(string path)
    {
        if (!Switches)
            return true;

        var start = new ProcessStartInfo("/usr/bin/test", ["-w", path]) { WorkingDirectory = "/" };
        ApplyTo(start);
        using var test = Process.Start(start)!;
        test.WaitForExit();
        return test.ExitCode == 0;
    }
}
