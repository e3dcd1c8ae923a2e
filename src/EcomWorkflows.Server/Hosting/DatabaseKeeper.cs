using EcomWorkflows.Server.Database;

namespace EcomWorkflows.Server.Hosting;

/// <summary>
/// Brings the private database server back after it has stopped by itself: it does so when its disk is full, and would stay away when there is room again. Where its
/// folder is gone, it says so and waits for it.
/// </summary>
internal sealed class DatabaseKeeper(ProgramDatabase database, TimeProvider time, ILogger<DatabaseKeeper> logger) : BackgroundService
{
    private static readonly TimeSpan Look = TimeSpan.FromSeconds(2);

    private static readonly TimeSpan FailureWait = TimeSpan.FromSeconds(10);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        string? told = null;
        while (true)
        {
            await Task.Delay(told is null ? Look : FailureWait, time, stoppingToken);
            told = await LookAsync(told, stoppingToken);
        }
    }

    /// <param name="told">What was said when it could not be used; a cure is told once.</param>
    /// <returns>What is to be done before it can be used; null where it runs.</returns>
    private async Task<string?> LookAsync(string? told, CancellationToken stoppingToken)
    {
        try
        {
            if (await database.ReviveAsync(stoppingToken))
                logger.LogWarning("The database server had stopped and was started again");
            else if (told is not null)
                logger.LogWarning("The database server runs as it should again");
            return null;
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            var (cure, problem) = failure is EmbeddedPostgresException { Cure: var stated, Problem: var said } ? (stated, said) : (failure.Message, "");
            if (cure != told)
                logger.LogError("The private database cannot be kept running; it is tried again every {Seconds} seconds. {Problem} {Cure}", FailureWait.TotalSeconds, problem, cure);
            return cure;
        }
    }
}
