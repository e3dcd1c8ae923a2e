using System.Data;
using EcomWorkflows.Orchestration.BuiltIn;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Connections;
using EcomWorkflows.Pipeline.Lake;
using Microsoft.Extensions.Logging;
using Npgsql;
using Polly;
using Polly.Retry;

namespace EcomWorkflows.Pipeline.Ingestion.Query;

/// <summary>Lands the result of a PostgreSQL query as a CSV file; with a watermark, only what changed since the last run, beside what was read before.</summary>
internal sealed class QueryDeliveries(LakeStore lake, RawLanding landing, StoredConnections connections) : IDeliverySource
{
    private const int BlockCharacters = 1 << 16;

    public async Task<Landing> LandAsync(IngestRequest request, CancellationToken cancellationToken)
    {
        var format = QueryFormat.From(request.Mapping, request.EntityName);
        var state = format.Watermark is null ? null : await lake.ReadStateAsync<QueryState>(request.Mapping.Source, request.EntityName, cancellationToken);
        var watermark = format.Watermark is null ? null : state?.Watermark ?? format.InitialWatermark;
        var sql = QuerySql.Fill(format.Sql, watermark, request.Context.DataIntervalStart, request.Context.DataIntervalEnd);
        var path = Path.Combine(request.Context.WorkFolder, $"{request.EntityName}.csv");
        var highest = await Resilience(format, request.Context.Time).ExecuteAsync(
            async token => await ExportAsync(format, sql, path, request, token), cancellationToken);
        if (watermark is null)
            return new Landing([await LandFileAsync(request, path, cancellationToken)]);
        request.Context.Logger.LogInformation("Read after watermark {Before}, the highest is now {After}", watermark, highest ?? watermark);
        IReadOnlyList<RawDelivery> news = [];
        if (highest is not null || state is null)
        {
            var raw = await LandFileAsync(request, path, cancellationToken);
            // Files of many runs make the table together, so each needs a name of its own.
            news = [raw with { Name = $"{request.EntityName}-{raw.File.Sha256[..12]}.csv" }];
        }
        return new Landing(news)
        {
            EarlierBronze = await FilesAsync(state?.BronzeSnapshot, cancellationToken),
            EarlierRejects = await FilesAsync(state?.RejectsSnapshot, cancellationToken),
            Remember = (scope, bronze, rejects, token) => LakeStore.WriteStateAsync(
                scope, request.Mapping.Source, request.EntityName, state, new QueryState(highest ?? watermark, bronze.SnapshotId, rejects.SnapshotId), token),
        };
    }

    private Task<RawDelivery> LandFileAsync(IngestRequest request, string path, CancellationToken cancellationToken) => landing.LandAsync(
        request.Mapping.Source, request.EntityName, path, $"postgres/{request.Entity.Connection}/{request.EntityName}.csv", request.Context, cancellationToken);

    private async Task<IReadOnlyList<LakeFile>> FilesAsync(long? snapshotId, CancellationToken cancellationToken) =>
        snapshotId is { } id ? await lake.FilesToNameAgainAsync(id, cancellationToken) : [];

    private static ResiliencePipeline Resilience(QueryFormat format, TimeProvider time)
    {
        var builder = new ResiliencePipelineBuilder { TimeProvider = time };
        if (format.Retries > 0)
        {
            builder.AddRetry(new RetryStrategyOptions
            {
                MaxRetryAttempts = format.Retries,
                Delay = format.RetryDelay,
                BackoffType = DelayBackoffType.Exponential,
                UseJitter = true,
                ShouldHandle = new PredicateBuilder().Handle<TaskFailedException>(failure => failure.InnerException is NpgsqlException { IsTransient: true }),
            });
        }
        return builder.Build();
    }

    /// <summary>Writes the rows into a file and returns their watermark; null where there is none.</summary>
    private async Task<string?> ExportAsync(QueryFormat format, string sql, string path, IngestRequest request, CancellationToken cancellationToken)
    {
        await using var connection = await OpenAsync(request, cancellationToken);
        try
        {
            // One snapshot for the rows and their watermark, so that no row falls between them.
            await using var transaction = await connection.BeginTransactionAsync(IsolationLevel.RepeatableRead, cancellationToken);
            await using var settings = new NpgsqlCommand(Settings(format.Timeout), connection);
            await settings.ExecuteNonQueryAsync(cancellationToken);
            string? highest = null;
            if (format.Watermark is { } column)
            {
                await using var command = new NpgsqlCommand(QuerySql.Highest(sql, column), connection) { CommandTimeout = 0 };
                highest = await command.ExecuteScalarAsync(cancellationToken) as string;
            }
            await CopyAsync(connection, sql, path, request.Context, cancellationToken);
            return highest;
        }
        catch (PostgresException slow) when (slow.SqlState == PostgresErrorCodes.QueryCanceled)
        {
            throw new TaskFailedException(
                $"The query of entities.{request.EntityName} was not done within {format.Timeout.TotalSeconds:0} s. Give it more with \"timeout_seconds\" in {request.Mapping.File}, or an index that helps it.",
                FailureCause.Timeout, innerException: slow);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.InvalidTextRepresentation && refused.MessageText.Contains($"\"{QueryFormat.NoWatermark}\"", StringComparison.Ordinal))
        {
            throw new TaskFailedException(
                $"{request.Mapping.File}: entities.{request.EntityName}.format.initial_watermark: \"{QueryFormat.NoWatermark}\", the default, is no value of column '{format.Watermark}' ({refused.MessageText}). "
                + "Give what the first run is to read after, for example \"0\" for numbers.",
                FailureCause.Dependency, retryable: false, refused);
        }
        catch (PostgresException refused) when (!refused.IsTransient)
        {
            throw new TaskFailedException(
                $"{request.Mapping.File}: entities.{request.EntityName}.format.query: PostgreSQL refused it: {refused.MessageText} ({refused.SqlState}). Correct the query, or the rights of the connection's user.",
                FailureCause.Dependency, retryable: false, refused);
        }
        catch (NpgsqlException broken)
        {
            throw new TaskFailedException(
                $"Connection '{request.Entity.Connection}' broke while entities.{request.EntityName} was read: {broken.Message} Nothing was published; another try reads it again.",
                FailureCause.Dependency, innerException: broken);
        }
    }

    private async Task<NpgsqlConnection> OpenAsync(IngestRequest request, CancellationToken cancellationToken)
    {
        var name = request.Entity.Connection ?? throw new TaskFailedException(
            $"{request.Mapping.File}: entities.{request.EntityName}.connection is missing: kind postgres needs a stored connection (./ecom connections set NAME --type postgres …).", retryable: false);
        return await PostgresConnection.OpenAsync(await connections.ReadAsync(name, PostgresConnection.Types, cancellationToken), cancellationToken);
    }

    private static async Task CopyAsync(NpgsqlConnection connection, string sql, string path, TaskContext context, CancellationToken cancellationToken)
    {
        await using var file = new StreamWriter(path);
        using var rows = await connection.BeginTextExportAsync(QuerySql.Copy(sql), cancellationToken);
        var block = new char[BlockCharacters];
        var characters = 0L;
        int read;
        while ((read = await rows.ReadAsync(block, cancellationToken)) > 0)
        {
            await file.WriteAsync(block.AsMemory(0, read), cancellationToken);
            characters += read;
            context.ReportProgress(null, $"{characters >> 20} MB read");
        }
    }

    /// <summary>The same text for the same values, whatever the server's settings are.</summary>
    private static string Settings(TimeSpan timeout) =>
        $"""
        set transaction read only;
        set local statement_timeout = {(long)timeout.TotalMilliseconds};
        set local timezone = 'UTC';
        set local datestyle = 'ISO';
        set local intervalstyle = 'postgres';
        set local extra_float_digits = 1;
        set local bytea_output = 'hex'
        """;
}
