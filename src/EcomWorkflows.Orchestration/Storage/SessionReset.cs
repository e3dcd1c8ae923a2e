using System.Data;
using Npgsql;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Pooled connections are not reset when they are given back, see <see cref="OrchestrationDatabase"/>; those that ran SQL of others are, here.</summary>
internal static class SessionReset
{
    private const string Reset =
        "reset all; set session authorization default; close all; unlisten *; select pg_advisory_unlock_all(); discard temp; discard sequences";

    /// <summary>Takes back what SQL that is not ours may have left in the session: settings, role, temporary tables, locks. Outside of any transaction.</summary>
    public static async Task AfterForeignSqlAsync(NpgsqlConnection connection)
    {
        // A broken one does not go back to the pool.
        if (connection.State != ConnectionState.Open)
            return;
        try
        {
            await using var reset = new NpgsqlCommand(Reset, connection);
            await reset.ExecuteNonQueryAsync(CancellationToken.None);
        }
        catch (NpgsqlException)
        {
            // What was done with the connection is done, whatever became of the session: nobody gets it again.
            NpgsqlConnection.ClearPool(connection);
        }
    }
}
