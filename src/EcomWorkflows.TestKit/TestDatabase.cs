using Npgsql;

namespace EcomWorkflows.TestKit;

/// <summary>A fresh database on the given server, dropped when the test is over.</summary>
internal sealed class TestDatabase : IAsyncDisposable
{
    private readonly string server;
    private readonly string name;

    private TestDatabase(string server, string name)
    {
        this.server = server;
        this.name = name;
    }

    public string ConnectionString => new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;

    public static async Task<TestDatabase> CreateAsync(string connectionString)
    {
        var database = new TestDatabase(connectionString, $"dagtest_{Guid.NewGuid():n}");
        await database.ExecuteAsync($"create database {database.name}");
        return database;
    }

    public async ValueTask DisposeAsync() => await ExecuteAsync($"drop database if exists {name} with (force)");

    private async Task ExecuteAsync(string sql)
    {
        await using var connection = new NpgsqlConnection(new NpgsqlConnectionStringBuilder(server) { Pooling = false }.ConnectionString);
        await connection.OpenAsync();
        // Creating and dropping wait for the server's checkpoint, on a busy one longer than a statement may take.
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = 300 };
        await command.ExecuteNonQueryAsync();
    }
}
