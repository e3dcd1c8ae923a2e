using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Database;
using EcomWorkflows.Server.Hosting;
using Microsoft.Extensions.Logging.Abstractions;

namespace EcomWorkflows.Server.Cli;

/// <summary>What a command that looks at or changes state works with: the database, its schema up to date, and the services over it.</summary>
internal sealed class CommandSession : IAsyncDisposable
{
    private readonly ProgramDatabase database;
    private readonly ServiceProvider services;

    private CommandSession(ProgramDatabase database, ServiceProvider services)
    {
        this.database = database;
        this.services = services;
    }

    public T Get<T>()
        where T : notnull => services.GetRequiredService<T>();

    /// <summary>The person, as the event log names them.</summary>
    public static string Actor => $"cli:{Environment.UserName}";

    public IServiceProvider Services => services;

    public static async Task<CommandSession> OpenAsync(CancellationToken cancellationToken)
    {
        var settings = EnvironmentSettings.Read();
        var database = await OpenDatabaseAsync(settings, cancellationToken);
        var services = new ServiceCollection()
            .AddLogging(logging => logging.AddConsole(console => console.LogToStandardErrorThreshold = LogLevel.Trace).SetMinimumLevel(LogLevel.Warning))
            .AddEcom(settings, database.ConnectionString)
            .BuildServiceProvider();
        var session = new CommandSession(database, services);
        try
        {
            await session.Get<Migrator>().ApplyAsync(cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    /// <summary>Opens the program's database and tells the user what they should know about it.</summary>
    public static async Task<ProgramDatabase> OpenDatabaseAsync(EnvironmentSettings settings, CancellationToken cancellationToken)
    {
        var options = new EmbeddedPostgresOptions { Home = settings.Home };
        var database = await ProgramDatabase.OpenAsync(settings.Database, options, TimeProvider.System, NullLogger.Instance, cancellationToken);
        foreach (var notice in database.Notices)
            await Console.Error.WriteLineAsync(notice);

        return database;
    }

    public async ValueTask DisposeAsync()
    {
        await services.DisposeAsync();
        await database.DisposeAsync();
    }
}
