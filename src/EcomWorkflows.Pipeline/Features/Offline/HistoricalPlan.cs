using EcomWorkflows.Pipeline.Features.Expressions;

namespace EcomWorkflows.Pipeline.Features.Offline;

/// <summary>Which views are joined, and what becomes a column of the result.</summary>
/// <param name="Columns">Stored: view index and feature; computed: an expression over those.</param>
internal sealed record HistoricalPlan(IReadOnlyList<FeatureView> Views, IReadOnlyList<HistoricalColumn> Columns)
{
    public IReadOnlyList<string> JoinKeys { get; } = [.. Views.SelectMany(v => v.JoinKeys).Distinct(StringComparer.Ordinal)];

    /// <exception cref="FeatureRequestException">A reference names what there is not, or two columns would have one name.</exception>
    public static HistoricalPlan Create(FeatureRegistrySnapshot registry, IReadOnlyList<FeatureReference> references, bool fullNames)
    {
        var views = new List<FeatureView>();
        var columns = new List<HistoricalColumn>();
        foreach (var reference in references)
        {
            var view = registry.Require(reference);
            var name = fullNames ? $"{view.Name}__{reference.Feature}" : reference.Feature;
            if (!view.From.OnDemand)
            {
                columns.Add(new HistoricalColumn(name, Stored(view), reference.Feature));
                continue;
            }
            var feature = view.Features.First(f => f.Name == reference.Feature);
            var expression = FeatureExpression.Parse(feature.Expression!, feature.Type);
            var inputs = expression.Names.Select(read => view.From.Inputs!.Select(FeatureReference.TryParse).FirstOrDefault(r => r!.Feature == read) is { } input
                ? (Stored(registry.Require(input)), read)
                : (-1, read));
            columns.Add(new HistoricalColumn(name, -1, reference.Feature) { Expression = expression, Inputs = [.. inputs] });
        }
        if (columns.GroupBy(c => c.Name, StringComparer.OrdinalIgnoreCase).FirstOrDefault(g => g.Count() > 1) is { } twice)
            throw HistoricalRows.Malformed($"The answer would have two columns called '{twice.Key}'. Ask for each feature once, or set full_feature_names to true.");
        return new HistoricalPlan(views, columns);

        int Stored(FeatureView view)
        {
            var index = views.FindIndex(v => v.Id == view.Id && v.Version == view.Version);
            if (index >= 0)
                return index;
            views.Add(view);
            return views.Count - 1;
        }
    }

    /// <summary>Features of a view that are needed, each once.</summary>
    public IReadOnlyList<string> FeaturesOf(int view) =>
        [.. Columns.SelectMany(c => c.Expression is null ? [(c.View, c.Feature)] : c.Inputs).Where(c => c.Item1 == view).Select(c => c.Item2).Distinct(StringComparer.Ordinal)];
}
