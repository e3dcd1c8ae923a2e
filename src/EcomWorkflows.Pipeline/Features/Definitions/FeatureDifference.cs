namespace EcomWorkflows.Pipeline.Features.Definitions;

/// <summary>Says what is different between the registry before and after files were applied.</summary>
internal static class FeatureDifference
{
    public const string Unchanged = "unchanged";

    public const string WithoutFile = "without a file";

    public static IReadOnlyList<FeatureChange> Between(FeatureRegistrySnapshot before, FeatureRegistrySnapshot after, FeatureDefinitions files) =>
    [
        .. after.Views.Select(view => ChangeOf(
            view.From.OnDemand ? "on-demand view" : "view", view.Name, files.Views.Any(v => v.Name == view.Name), before.FindView(view.Name)?.Version, view.Version,
            before.VersionsOf(view.Name).Select(v => v.Version), before.FindView(view.Name) is { } old ? [.. Details(old, view)] : [])),
        .. after.Services.Select(service => ChangeOf(
            "service", service.Name, files.Services.Any(s => s.Name == service.Name), before.FindService(service.Name)?.Version, service.Version,
            before.VersionsOfService(service.Name).Select(v => v.Version), before.FindService(service.Name) is { } old ? [.. Details(old, service)] : [])),
    ];

    private static FeatureChange ChangeOf(string kind, string name, bool hasFile, int? before, int after, IEnumerable<int> known, IReadOnlyList<string> details)
    {
        var action = (before, details.Count) switch
        {
            (null, _) => "new",
            var (version, _) when version != after => known.Contains(after) ? "back to version" : "new version",
            (_, > 0) => "changed",
            _ => hasFile ? Unchanged : WithoutFile,
        };
        return new FeatureChange(kind, name, action, after, details);
    }

    private static IEnumerable<string> Details(FeatureView old, FeatureView now)
    {
        var (before, after) = (old.Features.ToDictionary(f => f.Name), now.Features.ToDictionary(f => f.Name));
        foreach (var feature in now.Features.Where(f => !before.ContainsKey(f.Name)))
            yield return $"+ feature {feature.Name} ({feature.Type.Name()})";
        foreach (var feature in old.Features.Where(f => !after.ContainsKey(f.Name)))
            yield return $"- feature {feature.Name}";
        foreach (var feature in now.Features.Where(f => before.ContainsKey(f.Name)))
        {
            var was = before[feature.Name];
            if (was.Type != feature.Type)
                yield return $"~ feature {feature.Name}: {was.Type.Name()} → {feature.Type.Name()}";
            if (was.Expression != feature.Expression)
                yield return $"~ feature {feature.Name}: {was.Expression} → {feature.Expression}";
            if (was.Description != feature.Description)
                yield return $"~ feature {feature.Name}: its description";
        }
        if (old.From.ToString() != now.From.ToString() || old.From.Sql != now.From.Sql || old.From.Timestamp != now.From.Timestamp || old.From.Created != now.From.Created)
            yield return $"~ source: {old.From} → {now.From}";
        else if (old.Version != now.Version && now.From.Task is { } task && old.Features.Select(f => f.Name).SequenceEqual(now.Features.Select(f => f.Name)))
            yield return $"~ logic of {task}";
        if (!old.JoinKeys.SequenceEqual(now.JoinKeys))
            yield return $"~ entities: {string.Join(", ", old.JoinKeys)} → {string.Join(", ", now.JoinKeys)}";
        if (old.Ttl != now.Ttl)
            yield return $"~ ttl: {Show(old.Ttl)} → {Show(now.Ttl)}";
        if (old.Owner != now.Owner)
            yield return $"~ owner: {old.Owner} → {now.Owner}";
        if (old.Description != now.Description)
            yield return "~ description";
        if (old.Online != now.Online)
            yield return $"~ online: {old.Online} → {now.Online}";
        if (old.PushSource != now.PushSource)
            yield return $"~ push source: {old.PushSource ?? "none"} → {now.PushSource ?? "none"}";
        if (!Same(old.Tags, now.Tags))
            yield return "~ tags";
    }

    private static IEnumerable<string> Details(FeatureService old, FeatureService now)
    {
        foreach (var feature in now.Features.Except(old.Features))
            yield return $"+ {feature}";
        foreach (var feature in old.Features.Except(now.Features))
            yield return $"- {feature}";
        if (old.Owner != now.Owner)
            yield return $"~ owner: {old.Owner} → {now.Owner}";
        if (old.Description != now.Description)
            yield return "~ description";
        if (!Same(old.Tags, now.Tags))
            yield return "~ tags";
    }

    private static bool Same(IReadOnlyDictionary<string, string> a, IReadOnlyDictionary<string, string> b) =>
        a.Count == b.Count && a.All(tag => b.TryGetValue(tag.Key, out var value) && value == tag.Value);

    private static string Show(TimeSpan? ttl) => ttl is { } span ? $"{span.TotalDays:0.###} d" : "never expires";
}
