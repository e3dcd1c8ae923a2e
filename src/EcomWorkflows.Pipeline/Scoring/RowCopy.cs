using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using Npgsql;

namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Rows into PostgreSQL by binary COPY, a megabyte at a time.</summary>
internal static class RowCopy
{
    private const int FlushAt = 1 << 20;

    /// <param name="copy">The statement, <c>copy … from stdin (format binary)</c>.</param>
    /// <param name="write">Writes the row of a number, from 0.</param>
    internal static async Task WriteAsync(NpgsqlConnection connection, string copy, int rows, Action<CopyBuffer, int> write, CancellationToken cancellationToken)
    {
        await using NpgsqlRawCopyStream stream = await connection.BeginRawBinaryCopyAsync(copy, cancellationToken);
        var buffer = new CopyBuffer(FlushAt);
        buffer.Header();
        for (int row = 0; row < rows; row++)
        {
            write(buffer, row);
            if (buffer.Length >= FlushAt)
            {
                await stream.WriteAsync(buffer.Written, cancellationToken);
                buffer.Clear();
            }
        }

        buffer.Trailer();
        await stream.WriteAsync(buffer.Written, cancellationToken);
    }

    /// <summary>A row's reasons as jsonb, null where it was not explained.</summary>
    internal static void Drivers(this CopyBuffer buffer, IReadOnlyDictionary<int, IReadOnlyList<PredictionDriver>> drivers, int row)
    {
        if (drivers.TryGetValue(row, out IReadOnlyList<PredictionDriver>? found))
            buffer.Json(JsonSerializer.SerializeToUtf8Bytes(found, TaskJson.Options));
        else
            buffer.Null();
    }

    /// <summary>A field of type jsonb, whose binary form is a version byte, then the text.</summary>
    internal static void Json(this CopyBuffer buffer, ReadOnlySpan<byte> utf8)
    {
        Span<byte> field = buffer.Field(utf8.Length + 1);
        field[0] = 1;
        utf8.CopyTo(field[1..]);
    }
}
