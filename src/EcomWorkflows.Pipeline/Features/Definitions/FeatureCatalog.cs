using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Features.Definitions;

/// <summary>Reads <c>workflows/features/*.json</c>, freshly on each call, so an edit needs no restart.</summary>
internal sealed class FeatureCatalog(PipelineOptions options, SourceCatalog sources)
{
    private string Folder => Path.Combine(options.WorkflowsFolder, "features");

    /// <exception cref="FeatureFileException">Something is wrong; the message names file, line and place of everything that is, and what is allowed.</exception>
    public FeatureDefinitions Read()
    {
        FeatureFileParser[] files = Directory.Exists(Folder)
            ? [.. JsonFiles.In(Folder).Select(ParseFile)]
            : [];
        var entities = files.SelectMany(f => f.Entities).ToArray();
        var views = files.SelectMany(f => f.Views).ToArray();
        var services = files.SelectMany(f => f.Services).ToArray();
        RefuseTwice(entities.Select(e => (e.Entity.Name, e.At)), "entity");
        RefuseTwice(views.Select(v => (v.Name, v.At)), "view");
        RefuseTwice(services.Select(s => (s.Service.Name, s.At)), "service");
        var byName = entities.GroupBy(e => e.Entity.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First().Entity);
        byName.TryAdd(FeatureViewDefinition.Customer.Name, FeatureViewDefinition.Customer);
        byName.TryAdd(FeatureViewDefinition.Product.Name, FeatureViewDefinition.Product);
        var viewsByName = views.GroupBy(v => v.Name, StringComparer.Ordinal).ToDictionary(g => g.Key, g => g.First());
        var defined = views.Select(view => view.With(EntitiesOf(view, byName, viewsByName), MappingOf(view))).ToArray();
        foreach (var (service, at) in services)
            CheckReferences(service.Features, "features", at, viewsByName, wholeViews: true);
        var problems = files.SelectMany(f => f.Problems).ToArray();
        return problems.Length > 0
            ? throw new FeatureFileException(problems)
            : new FeatureDefinitions([.. byName.Values], defined, [.. services.Select(s => s.Service)]);
    }

    /// <summary>The file's view of a name; null where no file defines it.</summary>
    public FeatureViewDefinition? FindView(string name) => Read().Views.FirstOrDefault(v => v.Name == name);

    private FeatureFileParser ParseFile(string path)
    {
        var parser = new FeatureFileParser(Path.Combine("workflows", "features", Path.GetFileName(path)));
        parser.Parse(File.ReadAllText(path));
        return parser;
    }

    private static void RefuseTwice(IEnumerable<(string Name, DefinitionReader At)> defined, string what)
    {
        foreach (var same in defined.Where(d => d.Name.Length > 0).GroupBy(d => d.Name, StringComparer.Ordinal))
        {
            foreach (var (name, at) in same.Skip(1))
                at.Problem("name", $"{what} '{name}' is defined twice; give one of them another name or take it out");
        }
    }

    private static IReadOnlyList<FeatureEntity> EntitiesOf(
        ParsedView view, Dictionary<string, FeatureEntity> entities, Dictionary<string, ParsedView> views)
    {
        var names = view.Entities;
        if (view.From.Inputs is { } inputs)
        {
            CheckReferences(inputs, "inputs", view.At, views, wholeViews: false);
            if (inputs.Select(FeatureReference.TryParse).FirstOrDefault(r => r is not null && views.TryGetValue(r.View, out var v) && v.From.OnDemand) is { } chained)
                view.At.Problem("inputs", $"'{chained}' is itself computed on demand; inputs must be stored features");
            names = [.. inputs.Select(FeatureReference.TryParse).SelectMany(r => r is not null && views.TryGetValue(r.View, out var of) ? of.Entities : []).Distinct(StringComparer.Ordinal)];
        }
        var found = new List<FeatureEntity>();
        foreach (var name in names)
        {
            if (entities.TryGetValue(name, out var entity))
                found.Add(entity);
            else
                view.At.Problem("entities", $"there is no entity '{name}'; defined are {string.Join(", ", entities.Keys)}");
        }
        if (view.Computed is { } computed && !found.Select(e => e.JoinKey).SequenceEqual(computed.JoinKeys))
            view.At.Problem("entities", $"{computed.Task} computes rows of {string.Join(" and ", computed.JoinKeys)}; name {string.Join(", ", computed.Entities.Select(e => e.Name))}, in this order");
        return found;
    }

    /// <summary>The mapping whose settings are part of what a computed view is.</summary>
    private SourceMapping? MappingOf(ParsedView view)
    {
        if (view.Computed != ComputedView.VisitorItem)
            return null;
        try
        {
            if (sources.FindBySource(view.From.Of!) is { } mapping)
                return mapping;
            view.At.Problem("source", $"there is no source '{view.From.Of}' in workflows/sources, whose purchase.candidateDays the view needs");
        }
        catch (TaskFailedException unreadable)
        {
            view.At.Problem("source", unreadable.Message);
        }
        return null;
    }

    private static void CheckReferences(
        IReadOnlyList<string> references, string member, DefinitionReader at, Dictionary<string, ParsedView> views, bool wholeViews)
    {
        foreach (var text in references)
        {
            var reference = FeatureReference.TryParse(text);
            var name = reference?.View ?? text;
            if (!views.TryGetValue(name, out var view))
                at.Problem(member, $"there is no view '{name}'; defined are {string.Join(", ", views.Keys)}");
            else if (reference is null && !wholeViews)
                at.Problem(member, $"'{text}' is no feature: write view:feature");
            else if (reference is { Version: null } && view.Features.All(f => f.Name != reference.Feature))
                at.Problem(member, $"view '{name}' has no feature '{reference.Feature}'; it has {string.Join(", ", view.Features.Select(f => f.Name))}");
        }
    }
}
