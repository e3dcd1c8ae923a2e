using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>Walks back from a model version to its training set and feature view.</summary>
internal sealed class RegistryLineage(ModelRegistry registry, DatasetLineage datasets, TableLineage tables, LineageCatalog catalog)
{
    public static string IdOf(string name, int version) => $"model:{name}/v{version}";

    public static string ViewId(string view, int version) => $"feature-view:{view}@v{version}";

    public async Task<string?> AddAsync(LineageDraft draft, string name, int version, CancellationToken cancellationToken)
    {
        var id = IdOf(name, version);
        if (draft.Has(id))
            return id;
        if (await registry.FindAsync(name, version, cancellationToken) is not { } model)
            return null;
        draft.Add(Describe(model, await catalog.ServiceOfAsync(name, version, cancellationToken)));
        var lineage = model.Lineage;
        if (lineage.DatasetTag is { } tag && await datasets.AddAsync(draft, tag, cancellationToken) is { } dataset)
            draft.Link(id, dataset, "trained on");
        else if (await tables.AddAsync(draft, lineage.TrainingSnapshotId, cancellationToken) is { } snapshot)
            draft.Link(id, snapshot, "trained on");
        if (lineage.FeatureViewVersion is { } number && await AddViewAsync(draft, lineage.FeatureView, number, cancellationToken) is { } view)
            draft.Link(id, view, "with features of");
        // The same run's versions of the silver tables and raw files the training set came from.
        foreach (var other in await catalog.TagsOfRunAsync(lineage.RunId, cancellationToken))
            if (other != lineage.DatasetTag && IsEarlierStage(other, lineage.Source) && await datasets.AddAsync(draft, other, cancellationToken) is { } earlier)
                draft.Link(lineage.DatasetTag is { } trained ? DatasetLineage.IdOf(trained) : id, earlier, "made from");
        return id;
    }

    public async Task<string?> AddViewAsync(LineageDraft draft, string name, int version, CancellationToken cancellationToken)
    {
        if (await catalog.FeatureViewAsync(name, version, cancellationToken) is not { } view)
            return null;
        draft.Add(new LineageNode(
            ViewId(name, version), LineageKind.FeatureView, $"{name}@v{version}",
            [
                new("entity", view.Entity), new("source", view.Source), new("features", $"{view.Features}"), new("owner", view.Owner),
                new("description", view.Description), new("logic", view.LogicHash), new("version made", TableLineage.Moment(view.CreatedAt)),
            ],
            view.RunId, view.AttemptId));
        return ViewId(name, version);
    }

    private static bool IsEarlierStage(string tag, string source) =>
        Versioning.DatasetName.OfTag(tag) is { } name && (name.Dataset == $"{source}/raw" || name.Dataset == $"{source}/silver");

    private static LineageNode Describe(ModelVersion model, string? service) => new(
        IdOf(model.Name, model.Version), LineageKind.Model, $"{model.Name} v{model.Version}",
        [
            new("learner", model.Learner.Replace('_', ' ')),
            new("features", $"{model.Features.Count}{(service is null ? "" : $", of feature service {service}")}"),
            new("threshold", $"{model.Threshold:0.####}"),
            new("test ROC-AUC", $"{model.Metrics.RocAuc:0.0000}"),
            new("trained up to", TableLineage.Moment(model.Lineage.TrainCutoff.UtcDateTime)),
            new("tested from", TableLineage.Moment(model.Lineage.TestCutoff.UtcDateTime)),
            new("model sha256", model.ModelSha256),
            new("registered", TableLineage.Moment(model.CreatedAt.UtcDateTime)),
        ],
        model.Lineage.RunId, model.Lineage.AttemptId);
}
