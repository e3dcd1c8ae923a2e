using System.Collections.Concurrent;
using System.Threading.Channels;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Storage;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Writes what running attempts report, logs and progress, in batches.</summary>
/// <remarks>When the database is away, rows wait in memory up to a bound; beyond it the oldest are dropped and the count is logged.</remarks>
public sealed class AttemptReporter(LogStore logs, AttemptStore attempts, SecretMasker masker, OutageLog outages, TimeProvider time, ILogger<AttemptReporter> logger) : IAsyncDisposable
{
    private const int MaxBatch = 500;
    private const int MaxWaiting = 50_000;
    private const string Writing = "The writing of task logs";
    private static readonly TimeSpan Interval = TimeSpan.FromMilliseconds(150);

    private readonly Channel<LogRow> waiting = Channel.CreateBounded<LogRow>(new BoundedChannelOptions(MaxWaiting) { FullMode = BoundedChannelFullMode.DropOldest });
    private readonly ConcurrentDictionary<long, (double? Fraction, string? Message)> progress = new();
    private readonly SemaphoreSlim writing = new(1, 1);
    private readonly List<LogRow> taken = [];
    private readonly CancellationTokenSource stopping = new();
    private Task? loop;

    public void Start() => loop ??= Task.Run(() => RunAsync(stopping.Token));

    public void Log(LogRow row) => waiting.Writer.TryWrite(row with
    {
        Message = Clean(row.Message)!,
        Fields = StorableText.CleanJson(masker.Apply(row.Fields)),
        Exception = Clean(row.Exception),
    });

    public void Progress(long attemptId, double? fraction, string? message) => progress[attemptId] = (fraction, Clean(message));

    /// <summary>Writes everything reported so far.</summary>
    public async Task FlushAsync(CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            await WriteAsync(keepLast: false, cancellationToken);
        }
        finally
        {
            writing.Release();
        }
    }

    /// <summary>Gives everything reported so far to the transaction that ends attempts, so that the log of an attempt that has ended is whole; what is too much for it is written now.</summary>
    public async Task<WaitingLogs> TakeAsync(CancellationToken cancellationToken)
    {
        await writing.WaitAsync(cancellationToken);
        try
        {
            await WriteAsync(keepLast: true, cancellationToken);
            return new WaitingLogs(taken, writing);
        }
        catch
        {
            writing.Release();
            throw;
        }
    }

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        if (loop is not null)
            await loop;
        stopping.Dispose();
        writing.Dispose();
    }

    /// <summary>Rows that could not be written stay taken, before those that come later.</summary>
    /// <param name="keepLast">Leaves the last batch, the one that is not full, taken.</param>
    private async Task WriteAsync(bool keepLast, CancellationToken cancellationToken)
    {
        bool isFull;
        do
        {
            while (taken.Count < MaxBatch && waiting.Reader.TryRead(out var row))
                taken.Add(row);
            isFull = taken.Count == MaxBatch;
            if (taken.Count == 0 || keepLast && !isFull)
                break;
            try
            {
                await AppendAsync(taken, cancellationToken);
                taken.Clear();
                outages.Worked(Writing);
            }
            finally
            {
                Suspect(taken);
            }
        }
        while (isFull);
        foreach (var attemptId in progress.Keys)
        {
            if (progress.TryRemove(attemptId, out var latest))
                await attempts.WriteProgressAsync(attemptId, latest.Fraction, latest.Message, cancellationToken);
        }
    }

    private async Task AppendAsync(IReadOnlyList<LogRow> rows, CancellationToken cancellationToken)
    {
        try
        {
            await logs.AppendAsync(rows, cancellationToken);
        }
        catch (PostgresException refused) when (!OrchestrationDatabase.IsPassing(refused))
        {
            if (rows.Count == 1)
            {
                logger.LogWarning("A log row of attempt {AttemptId} was refused and is dropped: {Reason}", rows[0].AttemptId, refused.MessageText);
                return;
            }
            foreach (var row in rows)
                await AppendAsync([row], cancellationToken);
        }
    }

    /// <summary>Marks rows whose fate is not known, so that the next try writes none twice.</summary>
    internal static void Suspect(List<LogRow> rows)
    {
        for (var i = 0; i < rows.Count; i++)
            rows[i] = rows[i] with { MayBeWritten = true };
    }

    private string? Clean(string? text) => StorableText.Clean(masker.Apply(text));

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
                outages.Failed(Writing, failure);
            }
        }
    }
}
