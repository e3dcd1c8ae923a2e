using System.Collections.Concurrent;
using System.Threading.Channels;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Writes what running attempts report, logs and progress, in batches.</summary>
/// <remarks>When the database is away, rows wait in memory up to a bound; beyond it the oldest are dropped and the count is logged.</remarks>
public sealed class AttemptReporter(LogStore logs, AttemptStore attempts, SecretMasker masker, TimeProvider time, ILogger<AttemptReporter> logger) : IAsyncDisposable
{
    private const int MaxBatch = 500;
    private const int MaxWaiting = 50_000;
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);

    private readonly Channel<LogRow> waiting = Channel.CreateBounded<LogRow>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly ConcurrentDictionary<long, (double? Fraction, string? Message)> progress = new();
    private readonly SemaphoreSlim flushing = new(1, 1);
    private readonly CancellationTokenSource stopping = new();
    private Task? loop;

    public void Start() => loop ??= Task.Run(() => RunAsync(stopping.Token));

    public void Log(LogRow row) => waiting.Writer.TryWrite(row with
    {
        Message = Clean(row.Message)!,
        Fields = Clean(row.Fields),
        Exception = Clean(row.Exception),
    });

    public void Progress(long attemptId, double? fraction, string? message) => progress[attemptId] = (fraction, masker.Apply(message));

    /// <summary>Writes everything reported so far; an attempt is completed only after this, so that its log is whole.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await flushing.WaitAsync(cancellationToken);
        try
        {
            var batch = new List<LogRow>();
            do
            {
                batch.Clear();
                while (batch.Count < MaxBatch && waiting.Reader.TryRead(out var row))
                    batch.Add(row);
                if (batch.Count > 0)
                    await AppendAsync(batch, cancellationToken);
            }
            while (batch.Count == MaxBatch);
            foreach (var attemptId in progress.Keys)
            {
                if (progress.TryRemove(attemptId, out var latest))
                    await attempts.WriteProgressAsync(attemptId, latest.Fraction, latest.Message, cancellationToken);
            }
        }
        finally
        {
            flushing.Release();
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        if (loop is not null)
            await loop;
        stopping.Dispose();
        flushing.Dispose();
    }

    private async Task AppendAsync(List<LogRow> batch, CancellationToken cancellationToken)
    {
        try
        {
            await logs.AppendAsync(batch, cancellationToken);
        }
        catch (PostgresException refused) when (refused.SqlState == PostgresErrorCodes.ForeignKeyViolation)
        {
            // A run was deleted while one of its attempts still logged: write the others one by one.
            foreach (var row in batch)
            {
                try
                {
                    await logs.AppendAsync([row], cancellationToken);
                }
                catch (PostgresException gone) when (gone.SqlState == PostgresErrorCodes.ForeignKeyViolation)
                {
                    logger.LogDebug("Attempt {AttemptId} is gone; its log row was dropped", row.AttemptId);
                }
            }
        }
        catch (NpgsqlException) when (!cancellationToken.IsCancellationRequested)
        {
            foreach (var row in batch)
                waiting.Writer.TryWrite(row);
            throw;
        }
    }

    // PostgreSQL's text cannot hold NUL.
    private string? Clean(string? text) => masker.Apply(text)?.Replace('\0', '\uFFFD');

    private async Task RunAsync(CancellationToken cancellationToken)
    {
        while (!cancellationToken.IsCancellationRequested)
        {
            try
            {
                await Task.Delay(Interval, time, cancellationToken);
                await FlushAsync(cancellationToken);
            }
            catch (OperationCanceledException) when (cancellationToken.IsCancellationRequested)
            {
                return;
            }
            catch (NpgsqlException failure)
            {
                logger.LogWarning("Task logs cannot be written now and wait in memory: {Reason}", failure.Message);
            }
        }
    }
}
