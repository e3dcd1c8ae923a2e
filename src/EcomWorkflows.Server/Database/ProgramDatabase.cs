using Npgsql;

namespace EcomWorkflows.Server.Database;

/// <summary>The database of this program: the one ECOM_DATABASE names, or its share in the private cluster of its home.</summary>
public sealed class ProgramDatabase : IAsyncDisposable
{
    private readonly EmbeddedPostgres? embedded;

    private ProgramDatabase(string connectionString, EmbeddedPostgres? embedded)
    {
        ConnectionString = connectionString;
        this.embedded = embedded;
    }

    public string ConnectionString { get; }

    /// <summary>What the user should be told, one sentence each.</summary>
    public IReadOnlyList<string> Notices => embedded is null ? []
        : embedded.Adopted ? [$"Took over the database server (process {embedded.ServerProcessId}) that a killed program left running.", .. embedded.Notices]
        : embedded.Notices;

    /// <param name="given">The value of ECOM_DATABASE; null for the private cluster.</param>
    /// <exception cref="EmbeddedPostgresException">Neither way leads to a usable PostgreSQL; the message says why and what to do.</exception>
    public static async Task<ProgramDatabase> OpenAsync(
        string? given,
        EmbeddedPostgresOptions options,
        TimeProvider time,
        ILogger logger,
        CancellationToken cancellationToken)
    {
        if (given is not null)
        {
            await CheckAsync(given, cancellationToken);
            return new ProgramDatabase(given, null);
        }

        var embedded = await EmbeddedPostgres.StartOrJoinAsync(options, time, logger, cancellationToken);
        return new ProgramDatabase(embedded.ConnectionString, embedded);
    }

    /// <summary>Starts the server of the private cluster again where it has stopped by itself; another's is its owner's business.</summary>
    /// <returns>Whether it was down.</returns>
    /// <exception cref="EmbeddedPostgresException">It cannot be started now; the message says why and what to do.</exception>
    public Task<bool> ReviveAsync(CancellationToken cancellationToken) => embedded?.ReviveAsync(cancellationToken) ?? Task.FromResult(false);

    public ValueTask DisposeAsync() => embedded?.DisposeAsync() ?? ValueTask.CompletedTask;

    private static async Task CheckAsync(string connectionString, CancellationToken cancellationToken)
    {
        const string Cure = "Correct ECOM_DATABASE (for example: Host=db.example;Username=ecom;Password=...;Database=ecom), or unset it to use a private cluster.";
        try
        {
            await using var connection = new NpgsqlConnection(connectionString);
            await connection.OpenAsync(cancellationToken);
            if (connection.PostgreSqlVersion.Major < PostgresBinaries.MinimumMajor)
                throw new EmbeddedPostgresException(
                    $"The PostgreSQL at {connection.DataSource} is version {connection.PostgreSqlVersion}; {PostgresBinaries.MinimumMajor} or newer is needed.",
                    Cure);
        }
        catch (ArgumentException malformed)
        {
            throw new EmbeddedPostgresException($"ECOM_DATABASE is not an Npgsql connection string: {malformed.Message}.", Cure, malformed);
        }
        catch (NpgsqlException unreachable)
        {
            throw new EmbeddedPostgresException($"The database ECOM_DATABASE names cannot be used: {unreachable.Message}.", Cure, unreachable);
        }
    }
}
