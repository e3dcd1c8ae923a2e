using System.Text.Json;
using Dapper;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Looks up feature views and services.</summary>
public sealed class FeatureRegistry(NpgsqlDataSource database)
{
    /// <summary>All views at their current versions, by name.</summary>
    public async Task<IReadOnlyList<FeatureView>> ListViewsAsync(CancellationToken cancellationToken) => [.. (await ReadAsync(cancellationToken)).Views];

    /// <summary>A view at its current version; null when there is none of this name.</summary>
    public async Task<FeatureView?> FindViewAsync(string name, CancellationToken cancellationToken) => (await ReadAsync(cancellationToken)).FindView(name);

    /// <summary>A feature service, <c>name</c> or <c>name@v2</c>; null when there is none of this name.</summary>
    public async Task<FeatureService?> FindServiceAsync(string name, CancellationToken cancellationToken) => (await ReadAsync(cancellationToken)).FindService(name);

    /// <summary>Names of all feature services.</summary>
    public async Task<IReadOnlyList<string>> ListServicesAsync(CancellationToken cancellationToken) => [.. (await ReadAsync(cancellationToken)).Services.Select(s => s.Name)];

    /// <summary>The whole registry as it is now.</summary>
    public async Task<FeatureRegistrySnapshot> ReadAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await ReadAsync(connection, transaction: null, cancellationToken);
    }

    internal static async Task<FeatureRegistrySnapshot> ReadAsync(NpgsqlConnection connection, NpgsqlTransaction? transaction, CancellationToken cancellationToken)
    {
        await using var results = await connection.QueryMultipleAsync(new CommandDefinition(
            """
            select name as "Name", join_key as "JoinKey", description as "Description"
            from features.entity;

            select v.id as "Id", v.name as "Name", n.version as "Version", v.current_version as "CurrentVersion", n.entities as "EntityNames", v.source as "Source",
              v.description as "Description", v.owner as "Owner", v.tags::text as "Tags", extract(epoch from v.ttl)::double precision as "TtlSeconds",
              n.from_source::text as "FromSource", v.push_source as "PushSource", v.online as "Online", n.created_at as "CreatedAt", n.history_snapshot_id as "HistorySnapshotId", n.superseded_snapshot_id as "SupersededSnapshotId",
              f.names as "Names", f.groups as "Groups", f.descriptions as "Descriptions", f.types as "Types", f.expressions as "Expressions"
            from features.feature_view v
            join features.feature_view_version n on n.view_id = v.id
            cross join lateral (
              select array_agg(name order by position) as names,
                array_agg(feature_group order by position) as groups,
                array_agg(description order by position) as descriptions,
                array_agg(type order by position) as types,
                array_agg(expression order by position) as expressions
              from features.feature f
              where f.view_id = v.id
                and f.version = n.version
            ) f;

            select s.name as "Name", s.description as "Description", s.owner as "Owner", s.tags::text as "Tags", s.current_version as "CurrentVersion", n.version as "Version",
              f.views as "Views", f.versions as "Versions", f.features as "Features"
            from features.feature_service s
            join features.feature_service_version n on n.service = s.name
            cross join lateral (
              select array_agg(v.name order by f.position) as views,
                array_agg(f.version order by f.position) as versions,
                array_agg(f.feature order by f.position) as features
              from features.feature_service_feature f
              join features.feature_view v on v.id = f.view_id
              where f.service = s.name
                and f.service_version = n.version
            ) f;
            """,
            transaction: transaction, cancellationToken: cancellationToken));
        var entities = (await results.ReadAsync<FeatureEntity>()).ToDictionary(e => e.Name, StringComparer.Ordinal);
        var views = (await results.ReadAsync<ViewRow>()).Select(r => r.ToView(entities)).ToArray();
        return new FeatureRegistrySnapshot(views, (await results.ReadAsync<ServiceRow>()).Select(r => r.ToService()).ToArray());
    }

    private static Dictionary<string, string> TagsOf(string json) => JsonSerializer.Deserialize<Dictionary<string, string>>(json) ?? [];

    private sealed record ServiceRow
    {
        public string Name { get; init; } = "";

        public string Description { get; init; } = "";

        public string Owner { get; init; } = "";

        public string Tags { get; init; } = "{}";

        public int CurrentVersion { get; init; }

        public int Version { get; init; }

        public string[]? Views { get; init; }

        public int[]? Versions { get; init; }

        public string[]? Features { get; init; }

        public FeatureService ToService() =>
            new(Name, Description, Owner, [.. (Views ?? []).Select((view, i) => new FeatureReference(view, Versions![i], Features![i]))])
            {
                Version = Version, CurrentVersion = CurrentVersion, Tags = TagsOf(Tags),
            };
    }

    /// <summary>By property, not by constructor: Dapper sees a text[] column only as an array of something.</summary>
    private sealed record ViewRow
    {
        public int Id { get; init; }

        public string Name { get; init; } = "";

        public int Version { get; init; }

        public int CurrentVersion { get; init; }

        public string[] EntityNames { get; init; } = [];

        public string Source { get; init; } = "";

        public string Description { get; init; } = "";

        public string Owner { get; init; } = "";

        public string Tags { get; init; } = "{}";

        public double? TtlSeconds { get; init; }

        public string FromSource { get; init; } = "{}";

        public string? PushSource { get; init; }

        public bool Online { get; init; }

        public DateTimeOffset CreatedAt { get; init; }

        public long? HistorySnapshotId { get; init; }

        public long? SupersededSnapshotId { get; init; }

        public string[]? Names { get; init; }

        public string[]? Groups { get; init; }

        public string[]? Descriptions { get; init; }

        public string[]? Types { get; init; }

        public string?[]? Expressions { get; init; }

        public FeatureView ToView(Dictionary<string, FeatureEntity> entities)
        {
            var own = EntityNames.Select(name => entities[name]).ToArray();
            return new FeatureView(
                Id, Name, Version, own[0].Name, own[0].JoinKey, Source, Description, Owner, TagsOf(Tags),
                TtlSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
                [.. (Names ?? []).Select((name, i) => new FeatureDefinition(name, Groups![i], Descriptions![i])
                {
                    Type = FeatureTypes.TryParse(Types![i]) ?? FeatureType.Double, Expression = Expressions![i],
                })])
            {
                Entities = own,
                From = JsonSerializer.Deserialize<FeatureViewSource>(FromSource)!,
                PushSource = PushSource,
                Online = Online,
                CurrentVersion = CurrentVersion,
                CreatedAt = CreatedAt,
                HistorySnapshotId = HistorySnapshotId,
                SupersededSnapshotId = SupersededSnapshotId,
            };
        }
    }
}
