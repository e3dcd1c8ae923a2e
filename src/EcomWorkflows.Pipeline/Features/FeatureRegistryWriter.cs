using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features.Definitions;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Writes views, versions and services into the registry: inside the fenced transaction of a materialisation, or when files are applied.</summary>
/// <param name="runId">Run and attempt that do it; null when a person applies files.</param>
internal sealed class FeatureRegistryWriter(NpgsqlTransaction transaction, long? runId = null, long? attemptId = null)
{
    private const int LockSpace = 0x65636F6D;

    public FeatureRegistryWriter(PublishScope scope)
        : this(scope.Transaction, scope.Attempt.RunId, scope.Attempt.AttemptId)
    {
    }

    /// <summary>Keeps pushes and other materialisations of a view away from its online rows until the transaction ends.</summary>
    public static Task LockOnlineAsync(NpgsqlTransaction transaction, int viewId, bool shared, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(
            $"select pg_advisory_xact_lock{(shared ? "_shared" : "")}(@LockSpace, @viewId)", new { LockSpace, viewId }, transaction, cancellationToken: cancellationToken));

    /// <summary>
    /// Registers a view: the version that has this logic, or a new one. Owner, tags, description and TTL are taken over without a new version.
    /// </summary>
    public async Task<FeatureView> RegisterAsync(FeatureViewDefinition view, CancellationToken cancellationToken)
    {
        foreach (var entity in view.Entities)
            await UpsertEntityAsync(entity, cancellationToken);
        var id = await UpsertViewAsync(view, cancellationToken);
        var version = await FindVersionAsync(id, view.LogicHash, cancellationToken);
        if (version is { } known)
            await DescribeAsync(id, known, view, cancellationToken);
        else
            version = await AddVersionAsync(id, view, cancellationToken);
        await ExecuteAsync(
            """
            update features.feature_view
            set current_version = @version
            where id = @id
            """,
            new { id, version }, cancellationToken);
        await FeatureNotifications.RegistryChangedAsync(transaction, cancellationToken);
        var registered = (await FeatureRegistry.ReadAsync(transaction.Connection!, transaction, cancellationToken)).FindView(view.Name)!;
        if (registered is { Online: true, From.OnDemand: false })
            await OnlineStoreWriter.EnsureTableAsync(transaction, registered, cancellationToken);
        return registered;
    }

    public Task UpsertEntityAsync(FeatureEntity entity, CancellationToken cancellationToken) => ExecuteAsync(
        """
        insert into features.entity (name, join_key, value_type, description)
        values (@Name, @JoinKey, 'string', @Description)
        on conflict (name)
        do update set join_key = excluded.join_key, description = excluded.description
        where (entity.join_key, entity.description) is distinct from (excluded.join_key, excluded.description)
        """,
        entity, cancellationToken);

    /// <summary>Registers a service: the version that has these features, or a new one.</summary>
    /// <returns>The version.</returns>
    public async Task<int> RegisterServiceAsync(FeatureServiceDefinition service, IReadOnlyList<FeatureReference> features, CancellationToken cancellationToken)
    {
        await ExecuteAsync(
            """
            insert into features.feature_service (name, description, owner, tags)
            values (@Name, @Description, @Owner, @tags::jsonb)
            on conflict (name)
            do update set description = excluded.description, owner = excluded.owner, tags = excluded.tags, updated_at = now()
            """,
            new { service.Name, service.Description, service.Owner, tags = JsonSerializer.Serialize(service.Tags) }, cancellationToken);
        var registry = await FeatureRegistry.ReadAsync(transaction.Connection!, transaction, cancellationToken);
        var versions = registry.VersionsOfService(service.Name);
        var version = versions.FirstOrDefault(v => v.Features.SequenceEqual(features))?.Version;
        if (version is null)
        {
            version = versions.Count == 0 ? 1 : versions[0].Version + 1;
            await ExecuteAsync(
                """
                insert into features.feature_service_version (service, version)
                values (@Name, @version);

                insert into features.feature_service_feature (service, service_version, position, view_id, version, feature)
                select @Name, @version, f.ordinality - 1, v.id, f.version, f.feature
                from unnest(@views, @versions, @features) with ordinality f(view, version, feature, ordinality)
                join features.feature_view v on v.name = f.view
                """,
                new
                {
                    service.Name,
                    version,
                    views = features.Select(f => f.View).ToArray(),
                    versions = features.Select(f => f.Version!.Value).ToArray(),
                    features = features.Select(f => f.Feature).ToArray(),
                },
                cancellationToken);
        }
        await ExecuteAsync(
            """
            update features.feature_service
            set current_version = @version
            where name = @Name
            """,
            new { service.Name, version }, cancellationToken);
        await FeatureNotifications.RegistryChangedAsync(transaction, cancellationToken);
        return version.Value;
    }

    /// <summary>Remembers where a version's history is.</summary>
    public Task SetHistoryAsync(FeatureView view, long snapshotId, long? supersededSnapshotId, CancellationToken cancellationToken) => ExecuteAsync(
        """
        update features.feature_view_version
        set history_snapshot_id = @snapshotId, superseded_snapshot_id = @supersededSnapshotId
        where view_id = @Id
          and version = @Version
        """,
        new { view.Id, view.Version, snapshotId, supersededSnapshotId }, cancellationToken);

    /// <summary>The row lock this takes on the view lets one materialisation of a view at a time go on.</summary>
    private Task<int> UpsertViewAsync(FeatureViewDefinition view, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            insert into features.feature_view (name, entity, entities, source, description, owner, tags, ttl, current_version, from_source, push_source, online)
            values (@Name, @entity, @entities, @Source, @Description, @Owner, @tags::jsonb, make_interval(secs => @ttl), 1, @from::jsonb, @PushSource, @Online)
            on conflict (name)
            do update set entity = excluded.entity, entities = excluded.entities, description = excluded.description, owner = excluded.owner, tags = excluded.tags,
              ttl = excluded.ttl, from_source = excluded.from_source, push_source = excluded.push_source, online = excluded.online, updated_at = now()
            returning id
            """,
            new
            {
                view.Name,
                entity = view.Entities[0].Name,
                entities = view.Entities.Select(e => e.Name).ToArray(),
                view.Source,
                view.Description,
                view.Owner,
                tags = JsonSerializer.Serialize(view.Tags),
                ttl = view.Ttl?.TotalSeconds,
                from = JsonSerializer.Serialize(view.From),
                view.PushSource,
                view.Online,
            },
            transaction, cancellationToken: cancellationToken));

    private Task<int?> FindVersionAsync(int id, string logicHash, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteScalarAsync<int?>(new CommandDefinition(
            """
            select version
            from features.feature_view_version
            where view_id = @id
              and logic_hash = @logicHash
            """,
            new { id, logicHash }, transaction, cancellationToken: cancellationToken));

    private Task DescribeAsync(int id, int version, FeatureViewDefinition view, CancellationToken cancellationToken) => ExecuteAsync(
        """
        update features.feature f
        set description = d.description
        from unnest(@names, @descriptions) d(name, description)
        where f.view_id = @id
          and f.version = @version
          and f.name = d.name
          and f.description <> d.description
        """,
        new { id, version, names = view.Features.Select(f => f.Name).ToArray(), descriptions = view.Features.Select(f => f.Description).ToArray() }, cancellationToken);

    private async Task<int> AddVersionAsync(int id, FeatureViewDefinition view, CancellationToken cancellationToken)
    {
        var version = await transaction.Connection!.ExecuteScalarAsync<int>(new CommandDefinition(
            """
            insert into features.feature_view_version (view_id, version, logic_hash, from_source, entities, run_id, attempt_id)
            select @id, coalesce(max(version), 0) + 1, @LogicHash, @from::jsonb, @entities, @runId, @attemptId
            from features.feature_view_version
            where view_id = @id
            returning version
            """,
            new { id, view.LogicHash, from = JsonSerializer.Serialize(view.From), entities = view.Entities.Select(e => e.Name).ToArray(), runId, attemptId }, transaction, cancellationToken: cancellationToken));
        await ExecuteAsync(
            """
            insert into features.feature (view_id, version, position, name, type, description, feature_group, expression)
            select @id, @version, f.ordinality - 1, f.name, f.type, f.description, f.feature_group, f.expression
            from unnest(@names, @types, @descriptions, @groups, @expressions) with ordinality f(name, type, description, feature_group, expression, ordinality)
            """,
            new
            {
                id,
                version,
                names = view.Features.Select(f => f.Name).ToArray(),
                types = view.Features.Select(f => f.Type.Name()).ToArray(),
                descriptions = view.Features.Select(f => f.Description).ToArray(),
                groups = view.Features.Select(f => f.Group).ToArray(),
                expressions = view.Features.Select(f => f.Expression).ToArray(),
            },
            cancellationToken);
        return version;
    }

    private Task ExecuteAsync(string sql, object parameters, CancellationToken cancellationToken) =>
        transaction.Connection!.ExecuteAsync(new CommandDefinition(sql, parameters, transaction, cancellationToken: cancellationToken));
}
