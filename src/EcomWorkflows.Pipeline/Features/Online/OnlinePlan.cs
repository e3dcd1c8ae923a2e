using System.Text.Json;
using EcomWorkflows.Pipeline.Features.Expressions;

namespace EcomWorkflows.Pipeline.Features.Online;

/// <summary>How requests of one shape are answered: made once, used for all of them.</summary>
internal sealed class OnlinePlan
{
    private readonly byte[] head;
    private readonly int[] keyColumns;

    private OnlinePlan(byte[] head, int[] keyColumns, IReadOnlyList<string> joinKeys, IReadOnlyList<PlannedView> views, IReadOnlyList<PlannedColumn> columns)
    {
        this.head = head;
        this.keyColumns = keyColumns;
        JoinKeys = joinKeys;
        Views = views;
        Columns = columns;
    }

    public IReadOnlyList<string> JoinKeys { get; }

    public IReadOnlyList<PlannedView> Views { get; }

    public IReadOnlyList<PlannedColumn> Columns { get; }

    /// <summary>Everything before the results.</summary>
    public ReadOnlySpan<byte> Head => head;

    /// <summary>Columns of the request's entities that are join keys, in the request's order: the answer begins with them.</summary>
    public ReadOnlySpan<int> KeyColumns => keyColumns;

    /// <exception cref="FeatureRequestException">The request names something that is not there, or nothing.</exception>
    public static OnlinePlan Create(OnlineRequest request, FeatureRegistrySnapshot registry, OnlineCache cache)
    {
        var references = registry.References(request.Features, request.Service);
        var given = Enumerable.Range(0, request.ColumnCount).Select(i => request.Column(i).Name).ToArray();
        var views = new List<PlannedView>();
        var columns = new List<PlannedColumn>();
        var reads = new HashSet<string>(StringComparer.Ordinal);
        var names = new List<(string Name, int Version)>();
        foreach (var reference in references)
        {
            var view = registry.Require(reference);
            names.Add((view.Name, view.Version));
            var position = PositionOf(view, reference.Feature);
            var name = request.FullNames ? $"{view.Name}__{reference.Feature}" : reference.Feature;
            columns.Add(view.From.OnDemand ? Computed(name, view, position, registry, Stored, Requested) : new PlannedColumn(name, Stored(view), position));
        }
        var joinKeys = views.SelectMany(v => v.View.JoinKeys).ToHashSet(StringComparer.Ordinal);
        if (given.FirstOrDefault(g => !joinKeys.Contains(g) && !reads.Contains(g)) is { } other)
            throw Malformed($"entities holds '{other}', which none of the features belongs to; they need {string.Join(", ", joinKeys.Concat(reads).Select(k => $"'{k}'"))}.");
        if (columns.GroupBy(c => c.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw Malformed($"The answer would have two columns called '{twice.Key}'. Ask for each feature once, or set full_feature_names to true.");
        var keys = given.Index().Where(g => joinKeys.Contains(g.Item)).ToArray();
        var shown = request.WithVersions ? names.Distinct().ToArray() : null;
        return new OnlinePlan(
            HeadOf([.. keys.Select(k => k.Item), .. columns.Select(c => c.Name)], shown), [.. keys.Select(k => k.Index)], [.. keys.Select(k => k.Item)], views, columns);

        int Stored(FeatureView view)
        {
            if (!view.Online)
                throw Malformed($"Feature view '{view.Name}' is not served online (\"online\": false); ask /api/features/historical.");
            var index = views.FindIndex(v => v.View.Id == view.Id && v.View.Version == view.Version);
            if (index < 0)
            {
                index = views.Count;
                views.Add(new PlannedView(view, [.. view.JoinKeys.Select(Given)], cache.Rows(view)));
            }
            return index;
        }

        int Given(string key)
        {
            var index = Array.IndexOf(given, key);
            return index >= 0 ? index : throw Malformed(
                $"entities must hold '{key}', for example {{\"{key}\": [\"C1\", \"C2\"]}}{(given.Length > 0 ? $"; it holds {string.Join(", ", given)}" : "")}.");
        }

        int Requested(string field)
        {
            reads.Add(field);
            var index = Array.IndexOf(given, field);
            return index >= 0 ? index : throw Malformed($"entities must hold '{field}', a value per row to compute with, for example {{\"{field}\": [1.5]}}.");
        }
    }

    private static PlannedColumn Computed(
        string name, FeatureView view, int position, FeatureRegistrySnapshot registry, Func<FeatureView, int> stored, Func<string, int> requested)
    {
        var feature = view.Features[position];
        var expression = FeatureExpression.Parse(feature.Expression!, feature.Type);
        var inputs = expression.Names.Select(read =>
        {
            if (view.From.Inputs!.Select(FeatureReference.TryParse).FirstOrDefault(r => r!.Feature == read) is not { } reference)
                return (-1, requested(read));
            var source = registry.Require(reference);
            return (stored(source), PositionOf(source, read));
        });
        return new PlannedColumn(name, -1, position) { Expression = expression, Inputs = [.. inputs] };
    }

    private static int PositionOf(FeatureView view, string feature) => view.Features.Index().First(f => f.Item.Name == feature).Index;

    private static byte[] HeadOf(IReadOnlyList<string> names, IReadOnlyList<(string Name, int Version)>? views)
    {
        using var stream = new MemoryStream();
        using (var writer = new Utf8JsonWriter(stream))
        {
            writer.WriteStartObject();
            writer.WriteStartArray("feature_names");
            foreach (var name in names)
                writer.WriteStringValue(name);
            writer.WriteEndArray();
            if (views is not null)
            {
                writer.WriteStartArray("feature_view_metadata");
                foreach (var (name, version) in views)
                {
                    writer.WriteStartObject();
                    writer.WriteString("name", name);
                    writer.WriteNumber("version", version);
                    writer.WriteEndObject();
                }
                writer.WriteEndArray();
            }
            writer.WriteEndObject();
        }
        return [.. "{\"metadata\":"u8, .. stream.ToArray(), .. ",\"results\":["u8];
    }

    private static FeatureRequestException Malformed(string message) => new(message, notFound: false);
}
