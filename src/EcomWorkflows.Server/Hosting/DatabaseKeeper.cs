using EcomWorkflows.Server.Database;

namespace EcomWorkflows.Server.Hosting;

/// <summary>Brings the private database server back after it has stopped by itself: it does so when its disk is full, and would stay away when there is room again.</summary>
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

    /// <param name="told">What was said when it could not be started; a cure is told once.</param>
    /// <returns>What is to be done before it can be started; null where it runs.</returns>
    private async Task<string?> LookAsync(string? told, CancellationToken stoppingToken)
    {
        try
        {
            if (await database.ReviveAsync(stoppingToken))
                logger.LogWarning("The database server had stopped and was started again");
            return null;
        }
        catch (Exception failure) when (!stoppingToken.IsCancellationRequested)
        {
            var (cure, problem) = failure is EmbeddedPostgresException { Cure: var stated, Problem: var said } ? (stated, said) : (failure.Message, "");
            if (cure != told)
                logger.LogError("The database server has stopped and cannot be started; it is tried again every {Seconds} seconds. {Cure} {Problem}", FailureWait.TotalSeconds, cure, problem);
            return cure;
        }
    }
}
