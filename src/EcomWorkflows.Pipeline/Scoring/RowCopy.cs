using EcomWorkflows.Pipeline.Features;
using Npgsql;

namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Rows into PostgreSQL by binary COPY, a megabyte at a time. Nothing is written unless <see cref="CompleteAsync"/> ends it.</summary>
internal sealed class RowCopy : IAsyncDisposable
{
    private const int FlushAt = 1 << 20;

    private readonly NpgsqlRawCopyStream _stream;
    private bool _completed;

    private RowCopy(NpgsqlRawCopyStream stream)
    {
        _stream = stream;
        Buffer.Header();
    }

    /// <summary>Takes the fields of a row; <see cref="FlushAsync"/> after each.</summary>
    internal CopyBuffer Buffer { get; } = new(FlushAt);

    /// <param name="copy">The statement, <c>copy … from stdin (format binary)</c>.</param>
    internal static async Task<RowCopy> BeginAsync(NpgsqlConnection connection, string copy, CancellationToken cancellationToken) =>
        new(await connection.BeginRawBinaryCopyAsync(copy, cancellationToken));

    /// <param name="copy">The statement, <c>copy … from stdin (format binary)</c>.</param>
    /// <param name="write">Writes the row of a number, from 0.</param>
    internal static async Task WriteAsync(NpgsqlConnection connection, string copy, int rows, Action<CopyBuffer, int> write, CancellationToken cancellationToken)
    {
        await using RowCopy target = await BeginAsync(connection, copy, cancellationToken);
        for (int row = 0; row < rows; row++)
        {
            write(target.Buffer, row);
            await target.FlushAsync(cancellationToken);
        }

        await target.CompleteAsync(cancellationToken);
    }

    /// <summary>Sends what was collected, if it is much.</summary>
    internal ValueTask FlushAsync(CancellationToken cancellationToken) => Buffer.Length < FlushAt ? ValueTask.CompletedTask : SendAsync(cancellationToken);

    internal async Task CompleteAsync(CancellationToken cancellationToken)
    {
        Buffer.Trailer();
        await SendAsync(cancellationToken);
        _completed = true;
        await _stream.DisposeAsync();
    }

    public async ValueTask DisposeAsync()
    {
        if (_completed)
            return;
        _completed = true;
        try
        {
            await _stream.CancelAsync();
        }
        catch (Exception failure) when (failure is NpgsqlException or ObjectDisposedException or IOException)
        {
            // What stopped the writer is on its way to the caller already.
        }
    }

    private async ValueTask SendAsync(CancellationToken cancellationToken)
    {
        await _stream.WriteAsync(Buffer.Written, cancellationToken);
        Buffer.Clear();
    }
}
