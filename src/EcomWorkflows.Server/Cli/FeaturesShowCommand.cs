using System.CommandLine;
using EcomWorkflows.Pipeline.Features;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom features show NAME</c>.</summary>
internal static class FeaturesShowCommand
{
    /// <summary>A run materialises several as-of times; the newest is among so many.</summary>
    private const int SeenMaterializations = 50;

    public static Command Create()
    {
        var name = new Argument<string>("name") { Description = "A feature view or service; view@v2 for a version." };
        var command = new Command("show", "One view with its features and versions, or one service with its features.") { name };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var registry = await session.Get<FeatureRegistry>().ReadAsync(cancellationToken);
            var wanted = parsed.GetRequiredValue(name);
            if (registry.FindService(wanted) is { } service)
            {
                CommandOutput.WriteOne(parsed, service, () => Print(service));
                return ExitCode.Done;
            }
            var parts = wanted.Split("@v");
            var view = await FeaturesCommand.RunAsync(() => Task.FromResult(registry.RequireView(parts[0], parts.Length == 2 && int.TryParse(parts[1], out var version) ? version : null)));
            var newest = (await session.Get<FeatureReader>().MaterializationsAsync(view, SeenMaterializations, cancellationToken)).Where(m => m.Version == view.Version).MaxBy(m => m.AsOf);
            CommandOutput.WriteOne(parsed, view, () => Print(view, newest, registry));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(FeatureService service)
    {
        Console.WriteLine($"{service.Name} v{service.Version} · {service.Description} · owner {service.Owner}");
        foreach (var feature in service.Features)
            Console.WriteLine($"  {feature}");
    }

    private static void Print(FeatureView view, FeatureMaterialization? newest, FeatureRegistrySnapshot registry)
    {
        Console.WriteLine($"{view.Name} v{view.Version} · {view.Description}");
        Console.WriteLine($"owner {view.Owner} · entities {string.Join(", ", view.Entities.Select(e => $"{e.Name} ({e.JoinKey})"))} · {(view.Ttl is { } ttl ? $"ttl {ttl.TotalDays:0.##} d" : "never expires")} · {view.From}");
        if (view.Tags.Count > 0)
            Console.WriteLine($"tags {string.Join(", ", view.Tags.Select(t => $"{t.Key}={t.Value}"))}");
        Console.WriteLine($"versions {string.Join(", ", registry.VersionsOf(view.Name).Select(v => $"v{v.Version} ({v.CreatedAt.UtcDateTime:yyyy-MM-dd}{(v.Version == v.CurrentVersion ? ", current" : "")})"))}");
        if (!view.From.OnDemand)
            Console.WriteLine(newest is null ? "not materialised yet" : $"values up to {newest.AsOf.UtcDateTime:yyyy-MM-dd HH:mm} UTC, materialised {newest.CreatedAt.UtcDateTime:yyyy-MM-dd HH:mm} UTC by run {newest.RunId}");
        Console.WriteLine($"services {string.Join(", ", registry.Services.Where(s => s.Features.Any(f => f.View == view.Name)).Select(s => $"{s.Name} v{s.Version}"))}");
        CommandOutput.WriteTable(
            ["feature", "type", "description"],
            view.Features.Select(f => new object?[] { f.Name, f.Type.Name(), f.Expression is null ? f.Description : $"{f.Description} = {f.Expression}" }));
    }
}
