using System.Collections.Concurrent;
using System.Text;
using System.Text.Json;
using EcomWorkflows.Pipeline.Features.Online;
using Npgsql;

namespace EcomWorkflows.Pipeline.Features;

/// <summary>Serves the newest feature values of entities, from memory where they are there and right, otherwise from PostgreSQL.</summary>
public sealed class OnlineFeatures
{
    private readonly NpgsqlDataSource database;
    private readonly OnlineCache cache;
    private readonly TimeProvider time;
    private readonly ConcurrentBag<OnlineRequest> spare = [];

    internal OnlineFeatures(NpgsqlDataSource database, OnlineCache cache, TimeProvider time) => (this.database, this.cache, this.time) = (database, cache, time);

    /// <summary>Answers <c>POST /get-online-features</c>.</summary>
    /// <param name="request">Rented with <see cref="Rent"/>, its body filled.</param>
    /// <returns>The answer's JSON, valid until the request is returned.</returns>
    /// <exception cref="FeatureRequestException">The request is malformed, or names a view, version, feature, service or entity there is not.</exception>
    public async ValueTask<ReadOnlyMemory<byte>> AnswerAsync(OnlineRequest request, CancellationToken cancellationToken)
    {
        var plan = await FindAsync(request, cancellationToken);
        OnlineAnswerWriter.Write(request, plan, time.GetUtcNow());
        return request.Answer.Memory;
    }

    /// <summary>As the HTTP request, for use inside the program.</summary>
    /// <exception cref="FeatureRequestException">As there.</exception>
    public async Task<OnlineFeaturesAnswer> GetAsync(OnlineFeaturesRequest asked, CancellationToken cancellationToken)
    {
        var request = Rent();
        try
        {
            request.Body.Write(JsonSerializer.SerializeToUtf8Bytes(asked, WithoutNulls));
            var plan = await FindAsync(request, cancellationToken);
            return OnlineFeaturesAnswer.Of(request, plan, time.GetUtcNow());
        }
        finally
        {
            Return(request);
        }
    }

    /// <summary>A request to fill; give it back with <see cref="Return"/>.</summary>
    public OnlineRequest Rent()
    {
        var request = spare.TryTake(out var used) ? used : new OnlineRequest();
        request.Body.Clear();
        return request;
    }

    public void Return(OnlineRequest request) => spare.Add(request);

    private static JsonSerializerOptions WithoutNulls { get; } = new() { DefaultIgnoreCondition = System.Text.Json.Serialization.JsonIgnoreCondition.WhenWritingNull };

    private async ValueTask<OnlinePlan> FindAsync(OnlineRequest request, CancellationToken cancellationToken)
    {
        request.Parse();
        if (!cache.TryGetPlan(request.Shape.Span, out var plan))
            plan = await PlanAsync(request, cancellationToken);
        foreach (var column in plan!.KeyColumns)
            request.RequireKeys(column);
        request.Expect(plan.Views.Count);
        if (!FromCache(request, plan))
            await FromDatabaseAsync(request, plan, cancellationToken);
        return plan;
    }

    private async ValueTask<OnlinePlan> PlanAsync(OnlineRequest request, CancellationToken cancellationToken)
    {
        request.ReadNames();
        var (registry, readAt) = await cache.RegistryAsync(cancellationToken);
        var plan = OnlinePlan.Create(request, registry, cache);
        cache.AddPlan(request.Shape.Span.ToArray(), plan, readAt);
        return plan;
    }

    /// <returns>Whether everything was there.</returns>
    private bool FromCache(OnlineRequest request, OnlinePlan plan)
    {
        if (!cache.Trusted)
            return false;
        var complete = true;
        for (var v = 0; v < plan.Views.Count; v++)
        {
            var (view, found) = (plan.Views[v], request.Found[v]);
            for (var row = 0; row < request.Rows; row++)
                complete &= view.Rows.TryGet(request.KeyOf(view.KeyColumns, row), out found[row]);
        }
        return complete;
    }

    private async Task FromDatabaseAsync(OnlineRequest request, OnlinePlan plan, CancellationToken cancellationToken)
    {
        try
        {
            await ReadAsync(request, plan, cancellationToken);
        }
        catch (PostgresException replaced) when (replaced.SqlState == PostgresErrorCodes.UndefinedTable)
        {
            // A materialisation put a new table in its place just now.
            await ReadAsync(request, plan, cancellationToken);
        }
    }

    /// <summary>Reads what is missing, all views in one round trip, and remembers it.</summary>
    private async Task ReadAsync(OnlineRequest request, OnlinePlan plan, CancellationToken cancellationToken)
    {
        var trusted = cache.Trusted;
        var missing = plan.Views.Select((view, v) => Missing(request, view, request.Found[v])).ToArray();
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        await using var batch = new NpgsqlBatch(connection);
        foreach (var (v, view) in plan.Views.Index().Where(v => missing[v.Index].Keys.Length > 0))
        {
            var command = new NpgsqlBatchCommand(view.Sql);
            command.Parameters.Add(new NpgsqlParameter<string[]> { TypedValue = missing[v].Keys });
            batch.BatchCommands.Add(command);
        }
        if (batch.BatchCommands.Count == 0)
            return;
        await using var reader = await batch.ExecuteReaderAsync(cancellationToken);
        foreach (var (v, view) in plan.Views.Index().Where(v => missing[v.Index].Keys.Length > 0))
        {
            var rows = new Dictionary<string, OnlineRow>(missing[v].Keys.Length, StringComparer.Ordinal);
            while (await reader.ReadAsync(cancellationToken))
                rows[reader.GetString(0)] = new OnlineRow(view.View.Features, new DateTimeOffset(reader.GetDateTime(1), TimeSpan.Zero), CompactValues.Expand(reader.GetFieldValue<byte[]>(2), view.View.Features.Count));
            foreach (var (i, key) in missing[v].Keys.Index())
            {
                var row = rows.GetValueOrDefault(key) ?? OnlineRow.Absent;
                request.Found[v][missing[v].Rows[i]] = row;
                if (trusted)
                    view.Rows.Add(Encoding.UTF8.GetBytes(key), row, missing[v].Generation);
            }
            await reader.NextResultAsync(cancellationToken);
        }
    }

    private static (string[] Keys, int[] Rows, long Generation) Missing(OnlineRequest request, PlannedView view, OnlineRow?[] found)
    {
        var generation = view.Rows.Generation;
        int[] rows = [.. Enumerable.Range(0, request.Rows).Where(row => found[row] is null)];
        return (Array.ConvertAll(rows, row => Encoding.UTF8.GetString(request.KeyOf(view.KeyColumns, row))), rows, generation);
    }
}
