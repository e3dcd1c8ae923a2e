using System.Text.Json;
using Dapper;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Looks up feature views and services.</summary>
public sealed class FeatureRegistry(NpgsqlDataSource database)
{
    /// <summary>All views at their current versions, by name.</summary>
    public async Task<IReadOnlyList<FeatureView>> ListViewsAsync(CancellationToken cancellationToken) => await ViewsAsync(null, cancellationToken);

    /// <summary>A view at its current version; null when there is none of this name.</summary>
    public async Task<FeatureView?> FindViewAsync(string name, CancellationToken cancellationToken) =>
        (await ViewsAsync(name, cancellationToken)).SingleOrDefault();

    /// <summary>A feature service; null when there is none of this name.</summary>
    public async Task<FeatureService?> FindServiceAsync(string name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = (await connection.QueryAsync<ServiceRow>(new CommandDefinition(
            """
            select s.description as "Description", s.owner as "Owner", v.name as "View", f.version as "Version", f.feature as "Feature"
            from features.feature_service s
            join features.feature_service_feature f on f.service = s.name
            join features.feature_view v on v.id = f.view_id
            where s.name = @name
            order by f.position
            """,
            new { name }, cancellationToken: cancellationToken))).AsList();
        return rows.Count == 0
            ? null
            : new FeatureService(name, rows[0].Description, rows[0].Owner, [.. rows.Select(r => new FeatureReference(r.View, r.Version, r.Feature))]);
    }

    /// <summary>Names of all feature services.</summary>
    public async Task<IReadOnlyList<string>> ListServicesAsync(CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var names = await connection.QueryAsync<string>(new CommandDefinition(
            """
            select name
            from features.feature_service
            order by name
            """,
            cancellationToken: cancellationToken));
        return names.AsList();
    }

    private async Task<IReadOnlyList<FeatureView>> ViewsAsync(string? name, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var rows = await connection.QueryAsync<ViewRow>(new CommandDefinition(
            """
            select v.id as "Id", v.name as "Name", v.current_version as "Version", v.entity as "Entity", e.join_key as "JoinKey", v.source as "Source",
              v.description as "Description", v.owner as "Owner", v.tags::text as "Tags", extract(epoch from v.ttl)::double precision as "TtlSeconds",
              f.names as "Names", f.groups as "Groups", f.descriptions as "Descriptions"
            from features.feature_view v
            join features.entity e on e.name = v.entity
            cross join lateral (
              select array_agg(name order by position) as names,
                array_agg(feature_group order by position) as groups,
                array_agg(description order by position) as descriptions
              from features.feature f
              where f.view_id = v.id
                and f.version = v.current_version
            ) f
            where @name::text is null
               or v.name = @name
            order by v.name
            """,
            new { name }, cancellationToken: cancellationToken));
        return [.. rows.Select(r => r.ToView())];
    }

    private sealed record ServiceRow(string Description, string Owner, string View, int Version, string Feature);

    /// <summary>By property, not by constructor: Dapper sees a text[] column only as an array of something.</summary>
    private sealed record ViewRow
    {
        public int Id { get; init; }

        public string Name { get; init; } = "";

        public int Version { get; init; }

        public string Entity { get; init; } = "";

        public string JoinKey { get; init; } = "";

        public string Source { get; init; } = "";

        public string Description { get; init; } = "";

        public string Owner { get; init; } = "";

        public string Tags { get; init; } = "{}";

        public double? TtlSeconds { get; init; }

        public string[] Names { get; init; } = [];

        public string[] Groups { get; init; } = [];

        public string[] Descriptions { get; init; } = [];

        public FeatureView ToView() => new(
            Id, Name, Version, Entity, JoinKey, Source, Description, Owner,
            JsonSerializer.Deserialize<Dictionary<string, string>>(Tags) ?? [],
            TtlSeconds is { } seconds ? TimeSpan.FromSeconds(seconds) : null,
            [.. Names.Select((name, i) => new FeatureDefinition(name, Groups[i], Descriptions[i]))]);
    }
}
