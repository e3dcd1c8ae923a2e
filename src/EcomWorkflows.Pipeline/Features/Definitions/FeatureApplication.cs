using Npgsql;

namespace EcomWorkflows.Pipeline.Features.Definitions;

/// <summary>Brings the registry to what the files of <c>workflows/features</c> say, or says what that would do.</summary>
/// <remarks>A view that no file names stays as it is: models may use it, and the demo's sources make theirs without a file.</remarks>
public sealed class FeatureApplication
{
    private readonly NpgsqlDataSource database;
    private readonly FeatureCatalog catalog;

    internal FeatureApplication(NpgsqlDataSource database, FeatureCatalog catalog) => (this.database, this.catalog) = (database, catalog);

    /// <summary>What <see cref="ApplyAsync"/> would do: it is done, and taken back.</summary>
    /// <exception cref="FeatureFileException">Something is wrong in the files.</exception>
    public Task<IReadOnlyList<FeatureChange>> PlanAsync(CancellationToken cancellationToken) => RunAsync(keep: false, cancellationToken);

    /// <exception cref="FeatureFileException">Something is wrong in the files; nothing was changed.</exception>
    public Task<IReadOnlyList<FeatureChange>> ApplyAsync(CancellationToken cancellationToken) => RunAsync(keep: true, cancellationToken);

    private async Task<IReadOnlyList<FeatureChange>> RunAsync(bool keep, CancellationToken cancellationToken)
    {
        var files = catalog.Read();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var transaction = await connection.BeginTransactionAsync(cancellationToken);
        var before = await FeatureRegistry.ReadAsync(connection, transaction, cancellationToken);
        await WriteAsync(new FeatureRegistryWriter(transaction), files, transaction, cancellationToken);
        var after = await FeatureRegistry.ReadAsync(connection, transaction, cancellationToken);
        if (keep)
            await transaction.CommitAsync(cancellationToken);
        return FeatureDifference.Between(before, after, files);
    }

    private static async Task WriteAsync(FeatureRegistryWriter writer, FeatureDefinitions files, NpgsqlTransaction transaction, CancellationToken cancellationToken)
    {
        foreach (var entity in files.Entities)
            await writer.UpsertEntityAsync(entity, cancellationToken);
        foreach (var view in files.Views.Where(v => !v.From.OnDemand))
            await writer.RegisterAsync(view, cancellationToken);
        var registry = await FeatureRegistry.ReadAsync(transaction.Connection!, transaction, cancellationToken);
        foreach (var view in files.Views.Where(v => v.From.OnDemand))
            await writer.RegisterAsync(Pinned(view, registry), cancellationToken);
        registry = await FeatureRegistry.ReadAsync(transaction.Connection!, transaction, cancellationToken);
        foreach (var service in files.Services)
            await writer.RegisterServiceAsync(service, [.. service.Features.SelectMany(f => Resolve(f, registry))], cancellationToken);
    }

    /// <summary>An on-demand view keeps to the versions it was applied with; newer ones make a new version of it.</summary>
    private static FeatureViewDefinition Pinned(FeatureViewDefinition view, FeatureRegistrySnapshot registry)
    {
        var from = view.From with { Inputs = [.. view.From.Inputs!.SelectMany(i => Resolve(i, registry)).Select(r => r.ToString())] };
        return view with { From = from, LogicHash = FeatureViewDefinition.LogicOf(from, view.Entities, view.Features) };
    }

    private static IEnumerable<FeatureReference> Resolve(string text, FeatureRegistrySnapshot registry)
    {
        if (FeatureReference.TryParse(text) is { } reference)
            return [reference with { Version = registry.Require(reference).Version }];
        var view = registry.RequireView(text);
        return view.Features.Select(f => new FeatureReference(view.Name, view.Version, f.Name));
    }
}
