using System.Net.Sockets;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Opens the database as the orchestrator needs it: with statements prepared once per connection.</summary>
public static class OrchestrationDatabase
{
    /// <summary>Most connections one process opens; the private cluster takes 100 in all.</summary>
    public const int MaximumPoolSize = 30;

    private const int PreparedStatements = 100;

    /// <summary>A process that is stopped in a transaction gives its locks back after this; what publishes is fenced instead, and the queue is in more of a hurry.</summary>
    private const string LongestPause = "60s";

    // Npgsql has no name for it.
    private const string IdleInTransactionSessionTimeout = "25P03";

    /// <param name="connectionString">For Npgsql; what it sets itself is kept.</param>
    public static NpgsqlDataSource Open(string connectionString)
    {
        var connection = new NpgsqlConnectionStringBuilder(connectionString);
        if (!connection.ShouldSerialize("Maximum Pool Size"))
            connection.MaxPoolSize = MaximumPoolSize;
        if (!connection.ShouldSerialize("Max Auto Prepare"))
            connection.MaxAutoPrepare = PreparedStatements;
        // Our own statements change a session for no longer than their transaction, and putting it back each time would cost more than most of them. Whoever lets in
        // SQL of others, or listens, puts it back: SessionReset.
        if (!connection.ShouldSerialize("No Reset On Close"))
            connection.NoResetOnClose = true;
        if (!connection.ShouldSerialize("Options"))
            connection.Options = $"-c idle_in_transaction_session_timeout={LongestPause}";
        if (!connection.ShouldSerialize("Application Name"))
            connection.ApplicationName = "ecom";
        return new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = "ecom" }.Build();
    }

    /// <returns>Whether the failure says nothing about what was asked, only that the database could not be reached, or went away: the same may be asked again.</returns>
    public static bool IsPassing(NpgsqlException failure) =>
        failure.IsTransient || failure is not PostgresException refusal || refusal.SqlState == IdleInTransactionSessionTimeout;

    /// <returns>Whether the failure says that there is no connection to the database, or none is to be had: it is away, starts or stops.</returns>
    public static bool IsAway(Exception failure) => failure switch
    {
        // Class 57 is an operator's intervention; a statement that was cancelled is one too, of a database that answers.
        PostgresException refusal => refusal.SqlState is PostgresErrorCodes.TooManyConnections
            or PostgresErrorCodes.AdminShutdown or PostgresErrorCodes.CrashShutdown or PostgresErrorCodes.CannotConnectNow
            || refusal.SqlState.StartsWith("08", StringComparison.Ordinal),
        NpgsqlException or SocketException or TimeoutException => true,
        _ => false,
    };
}
