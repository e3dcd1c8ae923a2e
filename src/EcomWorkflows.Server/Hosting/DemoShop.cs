using EcomWorkflows.Pipeline.Simulation;

namespace EcomWorkflows.Server.Hosting;

/// <summary>The simulated shop of demo mode: its exports under <c>ECOM_HOME/shop</c>, up to the last midnight (UTC).</summary>
internal static class DemoShop
{
    public const ulong DefaultSeed = 20260101;

    /// <summary>Brings the shop in the folder up to the last midnight; a small one is opened where there is none.</summary>
    public static Task RenewAsync(string home, TimeProvider time, CancellationToken cancellationToken)
    {
        var present = ShopSimulator.ReadManifest(Folder(home));
        return EnsureAsync(home, present?.Scale ?? SimulationScale.Small, present?.Seed ?? DefaultSeed, time, null, cancellationToken);
    }

    /// <summary>Writes the exports unless they are there for this seed, scale and day.</summary>
    /// <param name="progress">Gets the share that is done, 0 to 1; nothing where nothing has to be done.</param>
    public static Task EnsureAsync(
        string home, SimulationScale scale, ulong seed, TimeProvider time, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var folder = Folder(home);
        var until = new DateTimeOffset(time.GetUtcNow().UtcDateTime.Date, TimeSpan.Zero);
        if (ShopSimulator.ReadManifest(folder) is { } present && present.Seed == seed && present.Scale == scale && present.Until == until)
            return Task.CompletedTask;

        var options = new SimulationOptions { Seed = seed, Scale = scale, Until = until, Folder = folder };
        return Task.Run(() => ShopSimulator.Write(options, progress, cancellationToken), cancellationToken);
    }

    /// <summary>What the shop's REST API serves.</summary>
    public static string CustomersFile(string home) => Path.Combine(Folder(home), "customers.json");

    private static string Folder(string home) => Path.Combine(home, "shop");
}
