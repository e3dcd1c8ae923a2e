using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Writes views, versions and services into the registry, inside the fenced transaction of the materialisation that uses them.</summary>
internal sealed class FeatureRegistryWriter
{
    /// <summary>
    /// Registers a view: the version that has this logic, or a new one. Owner, tags, description and TTL are taken over without a new version.
    /// </summary>
    public async Task<FeatureView> RegisterAsync(PublishScope scope, FeatureViewDefinition view, CancellationToken cancellationToken)
    {
        var id = await UpsertViewAsync(scope, view, cancellationToken);
        var version = await FindVersionAsync(scope, id, view.LogicHash, cancellationToken)
            ?? await AddVersionAsync(scope, id, view, cancellationToken);
        await scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            update features.feature_view
            set current_version = @version
            where id = @id
            """,
            new { id, version }, scope.Transaction, cancellationToken: cancellationToken));
        await ReplaceServiceAsync(scope, view, id, version, cancellationToken);
        return new FeatureView(
            id, view.Name, version, FeatureViewDefinition.Entity, FeatureViewDefinition.JoinKey, view.Source, view.Description, view.Owner, view.Tags, view.Ttl, view.Features);
    }

    /// <summary>The row lock this takes on the view lets one materialisation of a view at a time go on.</summary>
    private static Task<int> UpsertViewAsync(PublishScope scope, FeatureViewDefinition view, CancellationToken cancellationToken) =>
        scope.Connection.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            insert into features.entity (name, join_key, value_type, description)
            values (@Entity, @JoinKey, 'string', 'A customer of the shop.')
            on conflict (name) do nothing;

            insert into features.feature_view (name, entity, source, description, owner, tags, ttl, current_version)
            values (@Name, @Entity, @Source, @Description, @Owner, @tags::jsonb, make_interval(secs => @ttl), 1)
            on conflict (name)
            do update set description = excluded.description, owner = excluded.owner, tags = excluded.tags, ttl = excluded.ttl, updated_at = now()
            returning id
            """,
            new
            {
                FeatureViewDefinition.Entity,
                FeatureViewDefinition.JoinKey,
                view.Name,
                view.Source,
                view.Description,
                view.Owner,
                tags = JsonSerializer.Serialize(view.Tags),
                ttl = view.Ttl?.TotalSeconds,
            },
            scope.Transaction, cancellationToken: cancellationToken));

    private static Task<int?> FindVersionAsync(PublishScope scope, int id, string logicHash, CancellationToken cancellationToken) =>
        scope.Connection.ExecuteScalarAsync<int?>(new CommandDefinition(
            """
            select version
            from features.feature_view_version
            where view_id = @id
              and logic_hash = @logicHash
            """,
            new { id, logicHash }, scope.Transaction, cancellationToken: cancellationToken));

    private static async Task<int> AddVersionAsync(PublishScope scope, int id, FeatureViewDefinition view, CancellationToken cancellationToken)
    {
        var version = await scope.Connection.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            insert into features.feature_view_version (view_id, version, logic_hash, run_id, attempt_id)
            select @id, coalesce(max(version), 0) + 1, @LogicHash, @runId, @attemptId
            from features.feature_view_version
            where view_id = @id
            returning version
            """,
            new { id, view.LogicHash, runId = scope.Attempt.RunId, attemptId = scope.Attempt.AttemptId }, scope.Transaction, cancellationToken: cancellationToken));
        await scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            insert into features.feature (view_id, version, position, name, type, description, feature_group)
            select @id, @version, f.ordinality - 1, f.name, 'double', f.description, f.feature_group
            from unnest(@names, @descriptions, @groups) with ordinality f(name, description, feature_group, ordinality)
            """,
            new
            {
                id,
                version,
                names = view.Features.Select(f => f.Name).ToArray(),
                descriptions = view.Features.Select(f => f.Description).ToArray(),
                groups = view.Features.Select(f => f.Group).ToArray(),
            },
            scope.Transaction, cancellationToken: cancellationToken));
        return version;
    }

    private static Task ReplaceServiceAsync(PublishScope scope, FeatureViewDefinition view, int id, int version, CancellationToken cancellationToken) =>
        scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            insert into features.feature_service (name, description, owner)
            values (@service, @description, @Owner)
            on conflict (name)
            do update set description = excluded.description, owner = excluded.owner, updated_at = now();

            delete from features.feature_service_feature
            where service = @service;

            insert into features.feature_service_feature (service, position, view_id, version, feature)
            select @service, position, view_id, version, name
            from features.feature
            where view_id = @id
              and version = @version
            """,
            new
            {
                service = FeatureView.ChurnServiceOf(view.Source),
                description = $"What the churn model of '{view.Source}' uses.",
                view.Owner,
                id,
                version,
            },
            scope.Transaction, cancellationToken: cancellationToken));
}
