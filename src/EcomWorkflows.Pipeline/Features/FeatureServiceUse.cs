using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Which version of a feature service a model version was trained on. A model's service has the model's own name; a model without one uses none.</summary>
public sealed class FeatureServiceUse(NpgsqlDataSource database, FeatureRegistry registry)
{
    /// <summary>Remembers the service's current version for a model version, inside the transaction that registers it.</summary>
    /// <exception cref="TaskFailedException">The model was trained on features the service does not have.</exception>
    public static async Task RecordAsync(PublishScope scope, string model, int modelVersion, IReadOnlyList<string> features, CancellationToken cancellationToken)
    {
        var snapshot = await FeatureRegistry.ReadAsync(scope.Connection, scope.Transaction, cancellationToken);
        if (snapshot.FindService(model) is not { } service)
            return;
        RequireFeatures(service, model, modelVersion, features);
        await scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            insert into features.service_use (service, service_version, model, model_version)
            values (@Name, @Version, @model, @modelVersion)
            on conflict (model, model_version)
            do update set service = excluded.service, service_version = excluded.service_version, at = now()
            """,
            new { service.Name, service.Version, model, modelVersion }, scope.Transaction, cancellationToken: cancellationToken));
    }

    /// <summary>The features a model version was trained on, in its own order, each with the view version it was trained on.</summary>
    /// <param name="view">View of a model that has no service of its own.</param>
    /// <exception cref="TaskFailedException">The service does not have a feature the model asks for.</exception>
    public async Task<IReadOnlyList<FeatureReference>> ReferencesAsync(
        string model, int modelVersion, IReadOnlyList<string> features, string view, int? viewVersion, CancellationToken cancellationToken)
    {
        if (await FindAsync(model, modelVersion, cancellationToken) is not { } use)
            return [.. features.Select(feature => new FeatureReference(view, viewVersion, feature))];
        var service = (await registry.ReadAsync(cancellationToken)).FindService($"{use.Service}@v{use.Version}")!;
        RequireFeatures(service, model, modelVersion, features);
        return [.. features.Select(feature => service.Features.First(f => f.Feature == feature))];
    }

    /// <summary>The service version a model version was trained on, as <c>service@v2</c>; null where it used none.</summary>
    public async Task<string?> OfAsync(string model, int modelVersion, CancellationToken cancellationToken) =>
        await FindAsync(model, modelVersion, cancellationToken) is { } use ? $"{use.Service}@v{use.Version}" : null;

    /// <summary>Makes sure that what the store computes now is what the model was trained on.</summary>
    /// <exception cref="TaskFailedException">The model asks for features of other versions than are computed now, or for features its service does not have.</exception>
    public async Task RequireAsync(string model, int modelVersion, IReadOnlyList<string> features, CancellationToken cancellationToken)
    {
        if (await FindAsync(model, modelVersion, cancellationToken) is not { } use)
            return;
        var snapshot = await registry.ReadAsync(cancellationToken);
        var service = snapshot.FindService($"{use.Service}@v{use.Version}")!;
        RequireFeatures(service, model, modelVersion, features);
        if (service.Features.FirstOrDefault(f => features.Contains(f.Feature) && snapshot.FindView(f.View)?.Version != f.Version) is { } other)
            throw new TaskFailedException(
                $"The model {model} v{modelVersion} was trained on {service.Name} v{service.Version}, which has version {other.Version} of '{other.View}'; version {snapshot.FindView(other.View)?.Version} is computed now. "
                + "Train again and promote the new version, or bring the view's definition back (./ecom features plan shows what changed).",
                FailureCause.BadData, retryable: false);
    }

    private async Task<(string Service, int Version)?> FindAsync(string model, int modelVersion, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QuerySingleOrDefaultAsync<(string Service, int Version)?>(new CommandDefinition(
            """
            select service, service_version
            from features.service_use
            where model = @model
              and model_version = @modelVersion
            """,
            new { model, modelVersion }, cancellationToken: cancellationToken));
    }

    private static void RequireFeatures(FeatureService service, string model, int modelVersion, IReadOnlyList<string> features)
    {
        var others = features.Except(service.Features.Select(f => f.Feature)).ToArray();
        if (others.Length > 0)
            throw new TaskFailedException(
                $"The model {model} v{modelVersion} asks for {string.Join(", ", others)}, which its feature service {service.Name} v{service.Version} does not have. "
                + "Add them to the service in workflows/features and apply it, or train without them.",
                FailureCause.BadData, retryable: false);
    }
}
