using System.Text.Json;
using EcomWorkflows.Pipeline.Features.Expressions;

namespace EcomWorkflows.Pipeline.Features.Definitions;

/// <summary>Reads one definition file and says everything that is wrong in it.</summary>
/// <remarks>What refers to other files (entities, views) is checked by <see cref="FeatureCatalog"/> when all are read.</remarks>
internal sealed class FeatureFileParser(string file)
{
    private const string DefaultOwner = "data-science";

    private readonly List<FeatureFileProblem> problems = [];

    public IReadOnlyList<FeatureFileProblem> Problems => problems;

    public List<(FeatureEntity Entity, DefinitionReader At)> Entities { get; } = [];

    public List<ParsedView> Views { get; } = [];

    public List<(FeatureServiceDefinition Service, DefinitionReader At)> Services { get; } = [];

    public void Parse(string json)
    {
        LocatedJson root;
        try
        {
            root = LocatedJson.Parse(json);
        }
        catch (JsonException malformed)
        {
            problems.Add(new FeatureFileProblem(file, (int)(malformed.LineNumber ?? 0) + 1, malformed.Path ?? "", malformed.Message));
            return;
        }
        if (root.Kind != JsonValueKind.Object)
        {
            problems.Add(new FeatureFileProblem(file, root.Line, "", "must be an object with entities, views, onDemandViews and services"));
            return;
        }
        var reader = new DefinitionReader(file, root, problems);
        reader.TextOrNull("$schema");
        reader.TextOrNull("description");
        foreach (var entity in reader.Objects("entities"))
            Entities.Add((ReadEntity(entity), entity));
        foreach (var view in reader.Objects("views"))
            Views.Add(ReadView(view));
        foreach (var view in reader.Objects("onDemandViews"))
            Views.Add(ReadOnDemandView(view));
        foreach (var service in reader.Objects("services"))
            Services.Add((ReadService(service), service));
        reader.Done();
    }

    private static FeatureEntity ReadEntity(DefinitionReader entity)
    {
        var name = entity.Name("name");
        var key = entity.TextOrNull("joinKey") is null ? name : entity.Name("joinKey");
        var read = new FeatureEntity(name, key, entity.Text("description"));
        entity.Done();
        return read;
    }

    private static ParsedView ReadView(DefinitionReader view)
    {
        var entities = view.Texts("entities");
        if (entities.Count == 0)
            view.Problem("entities", "must name at least one entity, for example [\"customer\"]");
        var source = view.Object("source") is { } reader ? ReadSource(reader) : new FeatureViewSource();
        var features = view.Objects("features").Select(f => ReadFeature(f, onDemand: false)).ToArray();
        var parsed = Common(view, entities, source, features) with { PushSource = view.TextOrNull("pushSource"), Online = view.Flag("online", otherwise: true) };
        view.Done();
        if (features.Length == 0)
            view.Problem("features", "must list at least one feature");
        return source is { Task: { } task, Of: { } of } ? Computed(parsed, view, task, of) : parsed;
    }

    private static ParsedView Computed(ParsedView parsed, DefinitionReader view, string task, string of)
    {
        if (ComputedView.Of(task) is not { } computed)
        {
            view.Problem("source", $"there is no task '{task}' that computes a view; allowed are {string.Join(", ", ComputedView.All.Select(v => v.Task))}");
            return parsed;
        }
        if (parsed.Name != computed.NameOf(of))
            view.Problem("name", $"{task} of '{of}' computes the view '{computed.NameOf(of)}'; give it this name");
        foreach (var feature in parsed.Features)
        {
            if (computed.Features.FirstOrDefault(f => f.Name == feature.Name) is not { } known)
                view.Problem("features", $"{task} computes no feature '{feature.Name}'; it computes {string.Join(", ", computed.Features.Select(f => f.Name))}");
            else if (feature.Type != known.Type)
                view.Problem("features", $"{task} computes '{feature.Name}' as {known.Type.Name()}, not {feature.Type.Name()}");
        }
        return parsed with { Features = [.. parsed.Features.Select(f => f with { Group = computed.Features.FirstOrDefault(k => k.Name == f.Name)?.Group ?? "" })] };
    }

    private static ParsedView ReadOnDemandView(DefinitionReader view)
    {
        var inputs = view.Texts("inputs");
        if (inputs.FirstOrDefault(i => FeatureReference.TryParse(i) is null) is { } malformed)
            view.Problem("inputs", $"'{malformed}' is no feature: write view:feature");
        var request = view.Objects("request").Select(ReadRequestField).ToArray();
        var features = view.Objects("features").Select(f => ReadFeature(f, onDemand: true)).ToArray();
        var parsed = Common(view, [], new FeatureViewSource { Inputs = inputs, Request = request }, features);
        view.Done();
        string[] names = [.. inputs.Select(FeatureReference.TryParse).OfType<FeatureReference>().Select(r => r.Feature), .. request.Select(r => r.Name)];
        if (names.GroupBy(n => n, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            view.Problem("inputs", $"'{twice.Key}' is the name of two inputs; expressions could not tell them apart");
        if (features.Length == 0)
            view.Problem("features", "must list at least one feature");
        foreach (var feature in features.Where(f => f.Expression is { Length: > 0 }))
        {
            try
            {
                var unknown = FeatureExpression.Parse(feature.Expression!).Names.Except(names).ToArray();
                if (unknown.Length > 0)
                    view.Problem("features", $"'{feature.Name}' reads {string.Join(", ", unknown)}, which is no input; inputs are {string.Join(", ", names)}");
            }
            catch (ExpressionException unreadable)
            {
                view.Problem("features", $"the expression of '{feature.Name}' cannot be read: {unreadable.Message}");
            }
        }
        return parsed;
    }

    private static ParsedView Common(DefinitionReader view, IReadOnlyList<string> entities, FeatureViewSource source, IReadOnlyList<FeatureDefinition> features)
    {
        if (features.GroupBy(f => f.Name, StringComparer.Ordinal).FirstOrDefault(g => g.Count() > 1) is { } twice)
            view.Problem("features", $"'{twice.Key}' is listed twice");
        return new ParsedView(
            view, view.Name("name"), entities, source, view.Text("description"), view.TextOrNull("owner") ?? DefaultOwner, view.Tags("tags"),
            source.OnDemand ? null : view.DurationOrNull("ttl"), features);
    }

    private static FeatureViewSource ReadSource(DefinitionReader source)
    {
        var read = new FeatureViewSource
        {
            Table = source.TextOrNull("table"),
            Sql = source.LinesOrNull("sql"),
            Task = source.TextOrNull("task"),
            Of = source.TextOrNull("of"),
            Push = source.Flag("push", otherwise: false),
            Timestamp = source.TextOrNull("timestamp") ?? "event_timestamp",
            Created = source.TextOrNull("created"),
        };
        source.Done();
        var given = new[] { read.Table is not null, read.Sql is not null, read.Task is not null, read.Push }.Count(g => g);
        if (given != 1)
            source.Problem(null, "must have exactly one of table, sql, task, push");
        if (read.Task is not null && read.Of is null)
            source.Problem("of", "is missing; add \"of\": the source the task computes the view of, for example \"shop\"");
        if (read.Table is { } table && table.Split('.').Length != 3)
            source.Problem("table", $"'{table}' is no lake table; write layer.source.name, for example silver.shop.orders");
        return read;
    }

    private static FeatureDefinition ReadFeature(DefinitionReader feature, bool onDemand)
    {
        var name = feature.Name("name");
        var type = FeatureType.Double;
        if (feature.TextOrNull("type") is { } text)
        {
            string[] allowed = onDemand ? ["double", "bool"] : [.. FeatureTypes.Names];
            if (allowed.Contains(text))
                type = FeatureTypes.TryParse(text)!.Value;
            else
                feature.Problem("type", $"'{text}' is no type; allowed are {string.Join(", ", allowed)}");
        }
        else if (!onDemand)
        {
            feature.Problem("type", $"is missing; add \"type\": one of {string.Join(", ", FeatureTypes.Names)}");
        }
        var read = new FeatureDefinition(name, "", feature.Text("description")) { Type = type, Expression = onDemand ? feature.Text("expression") : null };
        feature.Done();
        return read;
    }

    private static RequestField ReadRequestField(DefinitionReader field)
    {
        var read = new RequestField(field.Name("name"), field.Text("description"));
        field.Done();
        return read;
    }

    private static FeatureServiceDefinition ReadService(DefinitionReader service)
    {
        var read = new FeatureServiceDefinition(
            service.Name("name"), service.Text("description"), service.TextOrNull("owner") ?? DefaultOwner, service.Tags("tags"), service.Texts("features"));
        service.Done();
        if (read.Features.Count == 0)
            service.Problem("features", "must list at least one feature: view, view:feature or view@v2:feature");
        return read;
    }
}
