using System.Diagnostics;

namespace EcomWorkflows.Server.Database;

/// <summary>Creates the cluster's files with <c>initdb</c>.</summary>
internal static class ClusterCreation
{
    /// <summary>The one database account: it owns everything in this private cluster.</summary>
    public const string Superuser = "ecom";

    public static async Task RunAsync(
        PostgresBinaries binaries,
        ServerAccount account,
        ClusterLayout layout,
        string password,
        CancellationToken cancellationToken)
    {
        // Created beside and renamed: a program killed here leaves no half cluster that looks like one.
        var draft = Path.Combine(layout.Folder, "data.new");
        if (Directory.Exists(draft))
            Directory.Delete(draft, recursive: true);

        var passwordFile = Path.Combine(layout.Folder, "initial-password");
        try
        {
            WritePassword(passwordFile, password, account);
            await InitializeAsync(binaries, account, layout, draft, passwordFile, cancellationToken);
        }
        finally
        {
            File.Delete(passwordFile);
        }

        account.CreateFolder(layout.LogFolder);
        Directory.Move(draft, layout.DataFolder);
    }

    private static void WritePassword(string path, string password, ServerAccount account)
    {
        File.Delete(path);
        var options = new FileStreamOptions
        {
            Mode = FileMode.CreateNew,
            Access = FileAccess.Write,
            UnixCreateMode = UnixFileMode.UserRead | UnixFileMode.UserWrite,
        };
        using (var writer = new StreamWriter(path, options))
            writer.Write(password);
        if (account.Switches)
            Libc.ChangeOwner(path, account.UserId, account.GroupId);
    }

    private static async Task InitializeAsync(
        PostgresBinaries binaries,
        ServerAccount account,
        ClusterLayout layout,
        string draft,
        string passwordFile,
        CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo(
            binaries.InitDb,
            ["-D", draft, "-U", Superuser, "--auth=scram-sha-256", $"--pwfile={passwordFile}", "-E", "UTF8", "--locale=C.UTF-8", "--data-checksums"])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
            WorkingDirectory = "/",
            Environment = { ["LC_ALL"] = "C.UTF-8" },
        };
        account.ApplyTo(start);

        using var process = Process.Start(start)!;
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync(cancellationToken);
        var errors = process.StandardError.ReadToEndAsync(cancellationToken);
        await process.WaitForExitAsync(cancellationToken);
        await output;
        if (process.ExitCode != 0)
            throw ServerFailure.Describe("Creating the database cluster", layout.Folder, await errors);
    }
}
