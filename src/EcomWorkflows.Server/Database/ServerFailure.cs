namespace EcomWorkflows.Server.Database;

/// <summary>Turns what PostgreSQL's programs say into an error that names the cure.</summary>
internal static class ServerFailure
{
    private const string DiskFull = "The disk is full: free some space (a new cluster needs about 100 MB), or set ECOM_HOME to a folder on another disk.";

    private static readonly (string Words, string Cure)[] KnownCauses =
    [
        ("No space left on device", DiskFull),
        ("Check free disk space", DiskFull),
        ("Disk quota exceeded", "Your disk quota is used up: free some space, or set ECOM_HOME to a folder elsewhere."),
        ("could not look up effective user ID", "The current user id has no name: add a line for it to /etc/passwd (in Docker: start with a user that the image knows)."),
        ("Permission denied", "Give the folder to the user who runs the program (chown -R), or set ECOM_HOME to one of your own."),
        ("wrong ownership", "The cluster belongs to another user: run the program as that user, or set ECOM_HOME to a folder of your own."),
        ("Read-only file system", "Set ECOM_HOME to a folder that can be written."),
        ("Cannot allocate memory", "There is not enough free memory for the database server (about 300 MB)."),
        ("database files are incompatible", "Install the PostgreSQL version that created the cluster, or start afresh with another ECOM_HOME."),
    ];

    public static EmbeddedPostgresException Describe(string action, string folder, string output)
    {
        var text = output.Trim();
        var cure = KnownCauses.FirstOrDefault(cause => text.Contains(cause.Words, StringComparison.OrdinalIgnoreCase)).Cure
            ?? $"The server's own log is in {Path.Combine(folder, "log")}.";
        return new EmbeddedPostgresException($"{action} in {folder} failed:\n{text}\n", cure);
    }
}
