using Npgsql;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Serves the newest feature values of entities.</summary>
public sealed class OnlineFeatures(NpgsqlDataSource database, FeatureRegistry registry, TimeProvider time)
{
    /// <exception cref="FeatureRequestException">The request is malformed, or names a view, version, feature, service or entity there is not.</exception>
    public async Task<OnlineFeaturesAnswer> GetAsync(OnlineFeaturesRequest request, CancellationToken cancellationToken)
    {
        try
        {
            return await AnswerAsync(request, cancellationToken);
        }
        catch (PostgresException replaced) when (replaced.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // Between looking up the view and reading it, a new version took its place: now the registry knows.
            return await AnswerAsync(request, cancellationToken);
        }
    }

    private async Task<OnlineFeaturesAnswer> AnswerAsync(OnlineFeaturesRequest request, CancellationToken cancellationToken)
    {
        var columns = await OnlineFeaturesPlan.CreateAsync(request, registry, cancellationToken);
        var views = columns.Select(c => c.View).DistinctBy(v => v.Name).ToArray();
        var entities = OnlineEntities.Read(request, views);
        var rows = new Dictionary<string, OnlineRow?[]>(StringComparer.Ordinal);
        foreach (var view in views)
            rows[view.Name] = await ReadAsync(view, entities.Keys, cancellationToken);
        var now = time.GetUtcNow();
        return new OnlineFeaturesAnswer(
            entities.JoinKey, entities.Values, [.. columns.Select(column => Fill(column, rows[column.View.Name], now))],
            [.. views.Select(v => (v.Name, v.Version))], request.IncludeFeatureViewVersionMetadata);
    }

    private static OnlineFeatureColumn Fill(OnlineFeaturesPlan column, OnlineRow?[] rows, DateTimeOffset now)
    {
        var filled = new OnlineFeatureColumn(column.Name, new double?[rows.Length], new FeatureStatus[rows.Length], new DateTimeOffset[rows.Length]);
        for (var i = 0; i < rows.Length; i++)
        {
            if (rows[i] is not { } row)
            {
                filled.Statuses[i] = FeatureStatus.NotFound;
                filled.EventTimestamps[i] = DateTimeOffset.UnixEpoch;
                continue;
            }
            filled.EventTimestamps[i] = row.EventTimestamp;
            if (now - row.EventTimestamp > column.View.Ttl)
                filled.Statuses[i] = FeatureStatus.OutsideMaxAge;
            else if ((filled.Values[i] = OnlineValues.Read(row.Values, column.Position)) is null)
                filled.Statuses[i] = FeatureStatus.NullValue;
        }
        return filled;
    }

    private async Task<OnlineRow?[]> ReadAsync(FeatureView view, string[] keys, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            $"""
            select entity_key, event_timestamp, "values"
            from {view.OnlineTable}
            where entity_key = any($1)
            """,
            connection);
        command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = keys });
        await command.PrepareAsync(cancellationToken);
        var found = new Dictionary<string, OnlineRow>(keys.Length, StringComparer.Ordinal);
        await using (var reader = await command.ExecuteReaderAsync(cancellationToken))
        {
            while (await reader.ReadAsync(cancellationToken))
                found[reader.GetString(0)] = new OnlineRow(new DateTimeOffset(reader.GetDateTime(1), TimeSpan.Zero), reader.GetFieldValue<byte[]>(2));
        }
        return Array.ConvertAll(keys, key => found.GetValueOrDefault(key));
    }

    private sealed record OnlineRow(DateTimeOffset EventTimestamp, byte[] Values);
}
