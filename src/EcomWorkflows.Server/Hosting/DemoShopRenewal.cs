using EcomWorkflows.Server.Cli;

namespace EcomWorkflows.Server.Hosting;

/// <summary>In demo mode: gives the simulated shop another day of business after each midnight (UTC), before the daily run reads it.</summary>
internal sealed class DemoShopRenewal(EnvironmentSettings settings, TimeProvider time, ILogger<DemoShopRenewal> logger) : BackgroundService
{
    /// <summary>Past midnight by a little: the day must be over on every clock involved.</summary>
    private static readonly TimeSpan AfterMidnight = TimeSpan.FromMinutes(1);

    protected override async Task ExecuteAsync(CancellationToken stoppingToken)
    {
        while (true)
        {
            var now = time.GetUtcNow();
            await Task.Delay(now.UtcDateTime.Date.AddDays(1) - now.UtcDateTime + AfterMidnight, time, stoppingToken);
            try
            {
                await DemoShop.RenewAsync(settings.Home, time, stoppingToken);
            }
            catch (IOException failure)
            {
                logger.LogWarning("The simulated shop could not be given another day: {Reason}", failure.Message);
            }
        }
    }
}
