using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Opens the database as the orchestrator needs it: with statements prepared once per connection.</summary>
public static class OrchestrationDatabase
{
    /// <summary>Most connections one process opens; the private cluster takes 100 in all.</summary>
    public const int MaximumPoolSize = 30;

    private const int PreparedStatements = 100;

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
        if (!connection.ShouldSerialize("Application Name"))
            connection.ApplicationName = "ecom";
        return new NpgsqlDataSourceBuilder(connection.ConnectionString) { Name = "ecom" }.Build();
    }
}
