using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Opens a stored connection of type <c>postgres</c>.</summary>
public static class PostgresConnection
{
    public static IReadOnlyList<string> Types { get; } = ["postgres", "postgresql"];

    /// <exception cref="TaskFailedException">It is of another type, or cannot be opened.</exception>
    /// <exception cref="NotFoundException">There is no such connection.</exception>
    public static async Task<NpgsqlConnection> OpenAsync(ConnectionStore connections, string name, CancellationToken cancellationToken) =>
        await OpenAsync(await connections.ReadAsync(name, cancellationToken), cancellationToken);

    /// <exception cref="TaskFailedException">It is of another type, or cannot be opened.</exception>
    public static async Task<NpgsqlConnection> OpenAsync(Connection stored, CancellationToken cancellationToken)
    {
        var name = stored.Name;
        if (!Types.Contains(stored.Info.Type, StringComparer.Ordinal))
            throw new TaskFailedException($"Connection '{name}' is of type {stored.Info.Type}; SQL needs one of type postgres.", retryable: false);
        var settings = new NpgsqlConnectionStringBuilder
        {
            Host = stored.Info.Host ?? "localhost",
            Port = stored.Info.Port ?? 5432,
            Username = stored.Info.Login,
            Password = stored.Password,
            Database = stored.Info.Schema,
            ApplicationName = "ecom task",
            Pooling = false,
        };
        if (stored.Extra("sslmode") is { } mode)
            settings.SslMode = Enum.TryParse<SslMode>(mode.Replace("-", "", StringComparison.Ordinal), ignoreCase: true, out var known)
                ? known
                : throw new TaskFailedException($"extra.sslmode of connection '{name}' is '{mode}'; allowed are disable, allow, prefer, require, verify-ca, verify-full.", retryable: false);
        var connection = new NpgsqlConnection(settings.ConnectionString);
        try
        {
            await connection.OpenAsync(cancellationToken);
            return connection;
        }
        catch (NpgsqlException failure)
        {
            await connection.DisposeAsync();
            throw new TaskFailedException($"Connection '{name}' cannot be opened: {failure.Message}", innerException: failure);
        }
    }

    /// <summary>What a task says whose stored connection failed while it was used; what is wrong there is not our own database being away.</summary>
    internal static TaskFailedException Failed(string name, NpgsqlException failure) => new($"Connection '{name}' failed: {failure.Message}", innerException: failure);
}
