using EcomWorkflows.Pipeline.Simulation;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Simulation;

public sealed class ShopSimulatorTests : IDisposable
{
    private static readonly DateOnly Opened = new(2026, 1, 20);

    private readonly string root = Directory.CreateTempSubdirectory("shops-").FullName;

    public void Dispose() => Directory.Delete(root, recursive: true);

    [Fact]
    public void The_same_seed_gives_the_same_bytes()
    {
        var first = Simulate("first", new DateOnly(2026, 3, 5), Opened);
        var second = Simulate("second", new DateOnly(2026, 3, 5), Opened);

        Directory.GetFiles(first).Length.ShouldBe(8);
        foreach (var file in Directory.GetFiles(first))
            File.ReadAllBytes(file).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(second, Path.GetFileName(file)))).ShouldBeTrue(file);
    }

    [Fact]
    public void Another_seed_gives_another_shop()
    {
        var first = Simulate("first", new DateOnly(2026, 2, 1), Opened);
        var second = Simulate("second", new DateOnly(2026, 2, 1), Opened, seed: 7);

        File.ReadAllBytes(Path.Combine(first, "events-2026-01.csv")).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(second, "events-2026-01.csv"))).ShouldBeFalse();
    }

    [Fact]
    public void A_later_end_leaves_what_was_there_as_it_was()
    {
        var earlier = Simulate("earlier", new DateOnly(2026, 3, 5), Opened);
        var later = Simulate("later", new DateOnly(2026, 4, 2), Opened);

        foreach (var month in new[] { "events-2026-01.csv", "events-2026-02.csv" })
            File.ReadAllBytes(Path.Combine(later, month)).AsSpan().SequenceEqual(File.ReadAllBytes(Path.Combine(earlier, month))).ShouldBeTrue(month);
        ShouldContinue(earlier, later, "events-2026-03.csv");
        ShouldContinue(earlier, later, "order_items.csv");
        var known = ShopSimulator.ReadManifest(earlier)!.Defects.Where(defect => defect.Entity == "events").ToList();
        ShopSimulator.ReadManifest(later)!.Defects.Where(defect => defect.Entity == "events").Take(known.Count).ShouldBe(known);
    }

    [Fact]
    public void A_shop_in_the_folder_goes_on_from_the_day_it_opened()
    {
        var folder = Simulate("shop", new DateOnly(2026, 3, 5), Opened);
        var february = File.ReadAllBytes(Path.Combine(folder, "events-2026-02.csv"));

        var manifest = ShopSimulator.Write(Options("shop", new DateOnly(2026, 3, 6)), progress: null, CancellationToken.None);

        manifest.OpenedOn.ShouldBe(Opened);
        File.ReadAllBytes(Path.Combine(folder, "events-2026-02.csv")).AsSpan().SequenceEqual(february).ShouldBeTrue();
    }

    [Theory]
    [InlineData("{}")]
    [InlineData("not json")]
    public void A_manifest_that_cannot_be_read_counts_as_none(string content)
    {
        var folder = Simulate("shop", new DateOnly(2026, 1, 22), Opened);
        File.WriteAllText(Path.Combine(folder, "manifest.json"), content);

        ShopSimulator.ReadManifest(folder).ShouldBeNull();
    }

    [Fact]
    public void Files_of_another_shop_do_not_stay_behind()
    {
        Simulate("shop", new DateOnly(2026, 3, 5), Opened);

        var folder = Simulate("shop", new DateOnly(2025, 3, 5), new DateOnly(2025, 2, 20));

        Directory.GetFiles(folder, "events-*").Select(Path.GetFileName).Order().ShouldBe(["events-2025-02.csv", "events-2025-03.csv"]);
        Directory.GetFiles(folder, "*.part").ShouldBeEmpty();
    }

    [Fact]
    public void A_cancelled_simulation_leaves_the_shop_that_was_there()
    {
        var folder = Simulate("shop", new DateOnly(2026, 2, 5), Opened);
        var before = Directory.GetFiles(folder).ToDictionary(file => file, File.ReadAllBytes);
        using var cancelled = new CancellationTokenSource();
        var progress = new OnFirstReport(cancelled.Cancel);

        Should.Throw<OperationCanceledException>(() => ShopSimulator.Write(Options("shop", new DateOnly(2026, 4, 5)), progress, cancelled.Token));

        Directory.GetFiles(folder).ShouldBe(before.Keys, ignoreOrder: true);
        foreach (var (file, bytes) in before)
            File.ReadAllBytes(file).AsSpan().SequenceEqual(bytes).ShouldBeTrue(file);
    }

    [Theory]
    [InlineData("2026-03-05T10:00:00Z", "/tmp/shop", "midnight UTC")]
    [InlineData("2026-03-05T00:00:00Z", "shop", "absolute path")]
    [InlineData("2026-01-20T00:00:00Z", "/tmp/shop", "1 to 3660 days")]
    public void An_option_out_of_range_says_what_is_allowed(string until, string folder, string allowed)
    {
        var options = new SimulationOptions { Until = DateTimeOffset.Parse(until), Folder = folder, OpenedOn = Opened };

        Should.Throw<ArgumentException>(() => ShopSimulator.Write(options, progress: null, CancellationToken.None)).Message.ShouldContain(allowed);
    }

    private static void ShouldContinue(string earlier, string later, string file)
    {
        var before = File.ReadAllBytes(Path.Combine(earlier, file));
        File.ReadAllBytes(Path.Combine(later, file)).AsSpan(0, before.Length).SequenceEqual(before).ShouldBeTrue(file);
    }

    private string Simulate(string name, DateOnly until, DateOnly opened, ulong seed = 42)
    {
        var options = Options(name, until) with { OpenedOn = opened, Seed = seed };
        ShopSimulator.Write(options, progress: null, CancellationToken.None);
        return options.Folder;
    }

    private SimulationOptions Options(string name, DateOnly until) => new()
    {
        Seed = 42,
        Until = new DateTimeOffset(until.ToDateTime(TimeOnly.MinValue), TimeSpan.Zero),
        Folder = Path.Combine(root, name),
    };

    private sealed class OnFirstReport(Action action) : IProgress<double>
    {
        public void Report(double value) => action();
    }
}
