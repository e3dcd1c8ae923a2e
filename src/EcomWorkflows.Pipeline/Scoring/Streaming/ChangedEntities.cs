using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Training.Registry;
using Npgsql;
using NpgsqlTypes;

namespace EcomWorkflows.Pipeline.Scoring.Streaming;

/// <summary>Reads from the online store which entities have changed since a model scored them last.</summary>
internal sealed class ChangedEntities
{
    private readonly IReadOnlyList<FeatureView> views;
    private readonly IReadOnlyList<(int View, int Position, FeatureType Type)> columns;

    private ChangedEntities(IReadOnlyList<FeatureView> views, IReadOnlyList<(int View, int Position, FeatureType Type)> columns) => (this.views, this.columns) = (views, columns);

    /// <param name="references">The model's features, in its order.</param>
    /// <exception cref="TaskFailedException">They cannot be read together, or one of them is no number.</exception>
    internal static ChangedEntities Of(ModelVersion model, IReadOnlyList<FeatureReference> references, FeatureRegistrySnapshot registry)
    {
        var views = new List<FeatureView>();
        var columns = new List<(int, int, FeatureType)>();
        foreach (FeatureReference reference in references)
        {
            FeatureView view = Require(model, reference, registry);
            int index = views.FindIndex(known => known.Id == view.Id && known.Version == view.Version);
            if (index < 0)
            {
                index = views.Count;
                views.Add(view);
            }

            (int position, FeatureDefinition feature) = view.Features.Index().First(one => one.Item.Name == reference.Feature);
            if (feature.Type is FeatureType.String or FeatureType.Timestamp)
                throw Failure($"The feature {reference} is a {feature.Type}; a model's features are numbers and truth values.");
            columns.Add((index, position, feature.Type));
        }

        if (views.FirstOrDefault(view => !view.JoinKeys.SequenceEqual(views[0].JoinKeys)) is { } other)
        {
            throw Failure(
                $"{model.Name} v{model.Version} takes features of {views[0].Name} (by {string.Join(", ", views[0].JoinKeys)}) and of {other.Name} (by {string.Join(", ", other.JoinKeys)}); only views with the same keys can be scored as they change.");
        }

        return new ChangedEntities(views, columns);
    }

    /// <summary>Entities that changed, and how many of them cannot be scored because features are missing or expired.</summary>
    internal async Task<(IReadOnlyList<ChangedEntity> Entities, long Expired)> ReadAsync(
        NpgsqlDataSource database, ModelVersion model, DateTimeOffset intervalStart, DateTimeOffset now, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(Sql(), connection) { CommandTimeout = 600 };
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = model.Name });
        command.Parameters.Add(new NpgsqlParameter<int> { TypedValue = model.Version });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = intervalStart.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        var entities = new List<ChangedEntity>();
        long expired = 0;
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            if (await ReadRowAsync(reader, now, cancellationToken) is { } entity)
                entities.Add(entity);
            else
                expired++;
        }

        return (entities, expired);
    }

    /// <returns>Null where a feature is missing or expired.</returns>
    private async Task<ChangedEntity?> ReadRowAsync(NpgsqlDataReader reader, DateTimeOffset now, CancellationToken cancellationToken)
    {
        const int First = 2;
        var packed = new byte[views.Count][];
        DateTimeOffset oldest = DateTimeOffset.MaxValue;
        for (int view = 0; view < views.Count; view++)
        {
            if (await reader.IsDBNullAsync(First + (2 * view), cancellationToken))
                return null;
            var at = new DateTimeOffset(reader.GetDateTime(First + (2 * view)), TimeSpan.Zero);
            if (views[view].Ttl is { } ttl && now - at > ttl)
                return null;
            oldest = at < oldest ? at : oldest;
            packed[view] = CompactValues.Expand(reader.GetFieldValue<byte[]>(First + (2 * view) + 1), views[view].Features.Count);
        }

        float[] values = [.. columns.Select(column => (float)PackedValues.Number(packed[column.View], column.Type, column.Position))];
        return new ChangedEntity(reader.GetString(0), oldest, reader.GetString(1), values);
    }

    private string Sql()
    {
        string hash = $"md5({string.Join(" || ", views.Select((_, i) => $"coalesce(v{i}.\"values\", ''::bytea)"))})";
        string joins = string.Concat(views.Skip(1).Select((view, i) => $"\nleft join {view.OnlineTable} v{i + 1} on v{i + 1}.entity_key = v0.entity_key"));
        return $"""
            select v0.entity_key, {hash}, {string.Join(", ", views.Select((_, i) => $"v{i}.event_timestamp, v{i}.\"values\""))}
            from {views[0].OnlineTable} v0{joins}
            left join (
              select distinct on (entity_key) entity_key, features_hash, model_version
              from gold.stream_prediction
              where model_name = $1
                and interval_start < $3
              order by entity_key, interval_start desc
            ) last on last.entity_key = v0.entity_key
            where last.entity_key is null
              or last.model_version <> $2
              or last.features_hash <> {hash}
            order by v0.entity_key
            """;
    }

    private static FeatureView Require(ModelVersion model, FeatureReference reference, FeatureRegistrySnapshot registry)
    {
        try
        {
            FeatureView view = registry.Require(reference);
            return view is { Online: true, From.OnDemand: false }
                ? view
                : throw Failure($"{model.Name} v{model.Version} takes {reference}, which is not in the online store; only stored features can be scored as they change.");
        }
        catch (FeatureRequestException missing)
        {
            throw Failure($"{model.Name} v{model.Version}: {missing.Message}");
        }
    }

    private static TaskFailedException Failure(string message) => new(message, FailureCause.BadData, retryable: false);
}
