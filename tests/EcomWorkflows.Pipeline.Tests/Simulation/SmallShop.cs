using EcomWorkflows.Pipeline.Simulation;

namespace EcomWorkflows.Pipeline.Tests.Simulation;

/// <summary>The demo's shop, simulated once for a test class.</summary>
public sealed class SmallShop : IDisposable
{
    public static readonly DateTimeOffset Until = new(2024, 6, 1, 0, 0, 0, TimeSpan.Zero);

    public SmallShop() => Manifest = ShopSimulator.Write(new SimulationOptions { Until = Until, Folder = Folder }, progress: null, CancellationToken.None);

    public string Folder { get; } = Directory.CreateTempSubdirectory("shop-").FullName;

    public ShopManifest Manifest { get; }

    /// <summary>Lines of a file, one byte per character; line 1 is at index 0.</summary>
    public string[] Lines(string file) => File.ReadAllLines(Path.Combine(Folder, file), System.Text.Encoding.Latin1);

    public void Dispose() => Directory.Delete(Folder, recursive: true);
}
