using System.CommandLine;
using EcomWorkflows.Pipeline.Features;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom features list</c>.</summary>
internal static class FeaturesListCommand
{
    public static Command Create()
    {
        var tag = new Option<string?>("--tag") { Description = "Only views with this tag: name, or name=value." };
        var command = new Command("list", "Feature views, each at its current version.") { tag };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var wanted = parsed.GetValue(tag)?.Split('=', 2);
            var freshness = await session.Get<FeatureReader>().FreshnessAsync(cancellationToken);
            var views = (await session.Get<FeatureRegistry>().ListViewsAsync(cancellationToken))
                .Where(v => wanted is null || (v.Tags.TryGetValue(wanted[0], out var value) && (wanted.Length == 1 || value == wanted[1])))
                .ToArray();
            CommandOutput.Write(
                parsed,
                views,
                ("view", v => v.Name),
                ("version", v => v.Version),
                ("entities", v => v.Entities.Select(e => e.Name)),
                ("features", v => v.Features.Count),
                ("ttl", v => v.Ttl is { } ttl ? $"{ttl.TotalDays:0.##} d" : "never expires"),
                ("source", v => v.From),
                ("materialised", v => freshness.TryGetValue(v.Id, out var at) ? at : null),
                ("owner", v => v.Owner),
                ("description", v => v.Description));
            return ExitCode.Done;
        });
        return command;
    }
}
