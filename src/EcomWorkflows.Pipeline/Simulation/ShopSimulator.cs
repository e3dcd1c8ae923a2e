using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Simulation.Defects;
using EcomWorkflows.Pipeline.Simulation.Export;

namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>Simulates an online shop and writes what it would export: see docs/simulated-shop.md.</summary>
public static class ShopSimulator
{
    /// <summary>Raised with every change that gives other rows for the same seed.</summary>
    private const int Edition = 1;
    private const string ManifestName = "manifest.json";

    private static readonly JsonSerializerOptions ManifestJson = new(TaskJson.Options) { WriteIndented = true };

    /// <summary>Writes products.csv, events-YYYY-MM.csv, orders.csv, order_items.csv, customers.json and manifest.json; replaces the shop in the folder.</summary>
    /// <param name="progress">0 to 1.</param>
    /// <exception cref="ArgumentException">An option is out of range; the message says what is allowed.</exception>
    public static ShopManifest Write(SimulationOptions options, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        options.Check();
        Directory.CreateDirectory(options.Folder);
        var opened = options.OpenedOn ?? OpeningInFolder(options) ?? DateOnly.FromDateTime(options.Until.UtcDateTime).AddDays(-SimulationOptions.DefaultHistoryDays);
        var manifest = Export(options, opened, progress, cancellationToken);
        foreach (var stale in Directory.EnumerateFiles(options.Folder, "events-*.csv").Where(path => manifest.Files.All(file => file.Name != Path.GetFileName(path))))
            File.Delete(stale);
        var path = Path.Combine(options.Folder, ManifestName);
        File.WriteAllText(path + ".part", JsonSerializer.Serialize(manifest, ManifestJson));
        File.Move(path + ".part", path, overwrite: true);
        return manifest;
    }

    /// <summary>The manifest of the shop in a folder; null where there is none, or one that another edition of the simulation wrote.</summary>
    public static ShopManifest? ReadManifest(string folder)
    {
        var path = Path.Combine(folder, ManifestName);
        if (!File.Exists(path))
            return null;
        try
        {
            return JsonSerializer.Deserialize<ShopManifest>(File.ReadAllBytes(path), ManifestJson) is { Edition: Edition } manifest ? manifest : null;
        }
        catch (JsonException)
        {
            // Not written by this program, or by one that is long gone: the shop is simulated anew.
            return null;
        }
    }

    private static DateOnly? OpeningInFolder(SimulationOptions options)
    {
        var present = ReadManifest(options.Folder);
        return present is not null && present.Seed == options.Seed && present.Scale == options.Scale && options.Days(present.OpenedOn) >= 1
            ? present.OpenedOn
            : null;
    }

    private static ShopManifest Export(SimulationOptions options, DateOnly opened, IProgress<double>? progress, CancellationToken cancellationToken)
    {
        var (seed, folder, days) = (options.Seed, options.Folder, options.Days(opened));
        var planted = new List<PlantedDefect>();
        var counts = new ExportCounts();
        var history = new ShopHistory(seed, opened, ScaleSettings.Of(options.Scale));
        var (eventRows, orderRows) = (0L, 0L);
        using (var events = new EventsExport(folder, Log("events", 1, EventDefects.Kinds), counts))
        using (var items = new OrderItemsExport(folder, Log("order_items", 2, OrderItemDefects.Kinds), counts))
        using (var orders = new OrdersExport(folder, seed, opened, days, Log("orders", 3, OrderDefects.Kinds), items, counts))
        {
            for (var day = 0; day < days; day++)
            {
                cancellationToken.ThrowIfCancellationRequested();
                history.LiveOneDay();
                events.Write(history);
                orders.Write(history);
                eventRows += history.Events.Count;
                orderRows += history.Orders.Count;
                progress?.Report((day + 1.0) / (days + 2));
            }
            events.Complete();
            orders.Complete();
            items.Complete();
        }
        CustomersExport.Write(folder, seed, opened, history, Log("customers", 4, CustomerDefects.Kinds), counts, cancellationToken);
        ProductsExport.Write(folder, history.Catalogue, days - 1, Log("products", 5, ProductDefects.Kinds), counts, cancellationToken);
        progress?.Report(1);
        var totals = planted
            .GroupBy(defect => (defect.Entity, defect.Kind, defect.Rule))
            .Select(group => new DefectTotal(group.Key.Entity, group.Key.Kind, group.Key.Rule, group.LongCount()))
            .OrderBy(total => (total.Entity, total.Rule, total.Kind));
        return new ShopManifest(
            Edition, seed, options.Scale, opened, options.Until, history.Customers, history.Catalogue.Products, eventRows, orderRows, counts.Files, [.. totals], planted);

        DefectLog Log(string entity, int number, IReadOnlyList<DefectKind> kinds) =>
            new(entity, new DefectSchedule(seed, number, options.PlantDefects ? kinds : []), planted);
    }
}
