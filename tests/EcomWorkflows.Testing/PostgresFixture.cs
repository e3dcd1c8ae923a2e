using Npgsql;
using Xunit;

namespace EcomWorkflows.Testing;

/// <summary>Fresh databases on a real PostgreSQL server, dropped when the fixture is disposed. As a class fixture: one database per test class.</summary>
public sealed class PostgresFixture : IAsyncLifetime, IAsyncDisposable
{
    /// <summary>Of a server that many tests ask at the same time; creating and dropping wait for its checkpoint.</summary>
    private const int PatienceSeconds = 300;

    private readonly List<string> created = [];
    private string? server;

    /// <summary>The fixture's own database, fresh when the fixture was initialised.</summary>
    public string ConnectionString { get; private set; } = "";

    /// <summary>Pooled connections to <see cref="ConnectionString"/>.</summary>
    public NpgsqlDataSource DataSource { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        ConnectionString = await CreateDatabaseAsync();
        DataSource = NpgsqlDataSource.Create(ConnectionString);
    }

    /// <summary>Creates one more empty database and returns its connection string.</summary>
    public async Task<string> CreateDatabaseAsync()
    {
        server ??= await TestCluster.ConnectionStringAsync();
        var name = $"test_{Guid.NewGuid():n}";
        await ExecuteAsync($"create database {name}");
        lock (created)
            created.Add(name);

        return new NpgsqlConnectionStringBuilder(server) { Database = name }.ConnectionString;
    }

    public async Task DisposeAsync()
    {
        if (DataSource is not null)
            await DataSource.DisposeAsync();
        foreach (var name in created)
            await ExecuteAsync($"drop database if exists {name} with (force)");
        created.Clear();
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();

    private async Task ExecuteAsync(string sql)
    {
        var administration = new NpgsqlConnectionStringBuilder(server) { Pooling = false };
        await using var connection = new NpgsqlConnection(administration.ConnectionString);
        await connection.OpenAsync();
        await using var command = new NpgsqlCommand(sql, connection) { CommandTimeout = PatienceSeconds };
        await command.ExecuteNonQueryAsync();
    }
}
