using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Pipeline.Versioning;
using Npgsql;

namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>Answers where something came from: prediction → model → training set → feature view → silver rows → raw lines, each with the run and attempt that made it.</summary>
public sealed class LineageReader(NpgsqlDataSource database, LakeStore lake, ModelRegistry registry, DatasetVersions versions, PipelineOptions options)
{
    /// <summary>Silver rows shown one by one where nobody asks for another number.</summary>
    public const int DefaultRows = 20;

    public const int MostRows = 1_000;

    private readonly LineageCatalog catalog = new(database);

    /// <summary>The lineage of a customer's prediction.</summary>
    /// <param name="asOf">The moment it is for; null for the newest.</param>
    /// <param name="rows">Silver rows to follow one by one, the newest first.</param>
    /// <exception cref="NotFoundException">There is no such prediction.</exception>
    public async Task<LineageGraph> PredictionAsync(string source, string customer, DateTimeOffset? asOf, int rows, CancellationToken cancellationToken)
    {
        var prediction = await catalog.PredictionAsync(source, customer, asOf, cancellationToken) ?? throw await UnknownAsync(source, customer, asOf, cancellationToken);
        var draft = new LineageDraft();
        return draft.Finish(await Predictions().AddAsync(draft, prediction, Math.Clamp(rows, 0, MostRows), cancellationToken));
    }

    /// <summary>The lineage of the prediction that a visitor buys an item.</summary>
    /// <param name="rows">Silver rows to follow one by one: those of the pair, then the visitor's and the item's in turns, the newest of each first.</param>
    /// <exception cref="NotFoundException">There is no such prediction.</exception>
    public async Task<LineageGraph> PurchaseAsync(string source, string visitor, string item, PurchaseChoice choice, int rows, CancellationToken cancellationToken)
    {
        choice.Check();
        var prediction = await catalog.PurchaseAsync(source, visitor, item, choice, cancellationToken) ?? throw await UnknownAsync(source, visitor, item, choice, cancellationToken);
        var draft = new LineageDraft();
        return draft.Finish(await Predictions().AddAsync(draft, prediction, Math.Clamp(rows, 0, MostRows), cancellationToken));
    }

    /// <summary>The lineage of a model version, and the scorings it made.</summary>
    /// <param name="version">Null for the champion, or the newest where there is none.</param>
    /// <exception cref="NotFoundException">There is no such model.</exception>
    public async Task<LineageGraph> ModelAsync(string name, int? version, CancellationToken cancellationToken)
    {
        var known = await registry.ListAsync(name, cancellationToken);
        var number = version ?? (await registry.FindChampionAsync(name, cancellationToken))?.Version ?? known.Select(m => (int?)m.Version).FirstOrDefault();
        if (known.All(m => m.Version != number))
            throw await registry.UnknownAsync(name, version, cancellationToken);
        var draft = new LineageDraft();
        var tables = new TableLineage(lake, catalog);
        var id = (await new RegistryLineage(registry, new DatasetLineage(versions, tables, catalog), tables, catalog).AddAsync(draft, name, number!.Value, cancellationToken))!;
        await AddScoringsAsync(draft, id, name, number.Value, cancellationToken);
        return draft.Finish(id);
    }

    /// <summary>The lineage of a dataset version, and the models that were trained on it.</summary>
    /// <param name="word">A tag, <c>dataset@vN</c>, or a dataset for its newest version.</param>
    /// <exception cref="NotFoundException">There is no such version.</exception>
    /// <exception cref="DatasetException">The word names none.</exception>
    public async Task<LineageGraph> DatasetAsync(string word, CancellationToken cancellationToken)
    {
        var version = await versions.ResolveAsync(word, cancellationToken);
        var draft = new LineageDraft();
        var tables = new TableLineage(lake, catalog);
        var datasets = new DatasetLineage(versions, tables, catalog);
        var id = (await datasets.AddAsync(draft, version.Tag, cancellationToken))!;
        var models = new RegistryLineage(registry, datasets, tables, catalog);
        foreach (var use in await catalog.ModelsOnAsync(version.Tag, cancellationToken))
            if (await models.AddAsync(draft, use.Name, use.Version, cancellationToken) is { } model)
                await AddScoringsAsync(draft, model, use.Name, use.Version, cancellationToken);
        return draft.Finish(id);
    }

    /// <summary>A line of a raw file, with those around it.</summary>
    /// <exception cref="NotFoundException">There is no such file.</exception>
    public async Task<RawLines> RawLinesAsync(long rawFileId, long line, int around, CancellationToken cancellationToken)
    {
        var file = await catalog.RawFileAsync(rawFileId, cancellationToken) ?? throw new NotFoundException($"There is no raw file {rawFileId}.");
        return await Task.Run(() => new RawLineReader(lake).Read(file, line, Math.Clamp(around, 0, 50), cancellationToken), cancellationToken);
    }

    /// <summary>Customers a walk can begin with: those with the highest risk of the newest scorings.</summary>
    public Task<IReadOnlyList<CustomerRow>> CustomersAsync(string? source, int limit, CancellationToken cancellationToken) => catalog.CustomersAsync(source, limit, cancellationToken);

    /// <summary>Pairs a walk can begin with: the likeliest purchases of the newest scorings.</summary>
    public Task<IReadOnlyList<PairRow>> PairsAsync(string? source, int limit, CancellationToken cancellationToken) => catalog.PairsAsync(source, limit, cancellationToken);

    private PredictionLineage Predictions()
    {
        var tables = new TableLineage(lake, catalog);
        var models = new RegistryLineage(registry, new DatasetLineage(versions, tables, catalog), tables, catalog);
        return new PredictionLineage(lake, tables, models, catalog, options);
    }

    private async Task AddScoringsAsync(LineageDraft draft, string model, string name, int version, CancellationToken cancellationToken)
    {
        foreach (var scoring in await catalog.ScoringsByAsync(name, version, cancellationToken))
        {
            var id = $"scoring:{scoring.Source}@{scoring.AsOf:yyyy-MM-ddTHH:mm:ssZ}{(scoring.What == "customers" ? "" : $"/{scoring.What}")}";
            draft.Add(new LineageNode(
                id, LineageKind.Prediction, $"{scoring.Source}, all {scoring.What} as of {scoring.AsOf:yyyy-MM-dd}",
                [new(scoring.What, $"{scoring.Scored:#,0}"), new("at or above the threshold", $"{scoring.Predicted:#,0}")], scoring.RunId));
            draft.Link(id, model, "scored by");
        }
    }

    private async Task<NotFoundException> UnknownAsync(string source, string customer, DateTimeOffset? asOf, CancellationToken cancellationToken)
    {
        var some = await catalog.CustomersAsync(source, 3, cancellationToken);
        return new NotFoundException(some.Count == 0
            ? $"There are no predictions of source '{source}' yet. A run of churn-daily makes them."
            : $"There is no prediction of customer '{customer}' of {source}{(asOf is { } moment ? $" as of {moment.UtcDateTime:yyyy-MM-dd HH:mm}" : "")}. Predicted are, for example, {string.Join(", ", some.Select(c => c.Customer))}.");
    }

    private async Task<NotFoundException> UnknownAsync(string source, string visitor, string item, PurchaseChoice choice, CancellationToken cancellationToken)
    {
        var some = await catalog.PairsAsync(source, 3, cancellationToken);
        var moment = choice.AsOf is { } time ? $" as of {time.UtcDateTime:yyyy-MM-dd HH:mm}" : "";
        return new NotFoundException(some.Count == 0
            ? $"There are no purchase predictions of source '{source}' yet. A run of purchase-prediction-daily makes them."
            : $"There is no {choice.Variant} prediction{(choice.Kind is { } kind ? $" of kind {kind}" : "")} of visitor '{visitor}' and item '{item}' of {source}{moment}. "
              + $"Predicted are, for example, {string.Join(", ", some.Select(p => $"visitor {p.Visitor} and item {p.Item}"))}.");
    }
}
