using System.Globalization;
using System.Text;

namespace EcomWorkflows.Bench.Ingest;

/// <summary>Writes the files that are ingested.</summary>
internal static class IngestFiles
{
    private const int BufferBytes = 1 << 20;

    /// <summary>More than any visitor's number in the log.</summary>
    private const long VisitorsPerCopy = 10_000_000;

    /// <summary>So many rows of the log; of more than it has, over and over with other visitors, so that no row repeats that did not before.</summary>
    public static async Task WriteEventsAsync(string log, string path, long rows, CancellationToken cancellationToken)
    {
        await using var writer = new StreamWriter(path, append: false, Encoding.ASCII, BufferBytes);
        var written = 0L;
        for (var copy = 0; written < rows; copy++)
        {
            using var reader = new StreamReader(log, Encoding.ASCII, detectEncodingFromByteOrderMarks: false, BufferBytes);
            var header = await reader.ReadLineAsync(cancellationToken);
            if (copy == 0)
                await writer.WriteAsync($"{header}\n");
            while (written < rows && await reader.ReadLineAsync(cancellationToken) is { } line)
            {
                var first = line.IndexOf(',', StringComparison.Ordinal);
                var second = line.IndexOf(',', first + 1);
                var visitor = long.Parse(line.AsSpan(first + 1, second - first - 1), CultureInfo.InvariantCulture) + (copy * VisitorsPerCopy);
                await writer.WriteAsync(line.AsMemory(0, first + 1), cancellationToken);
                await writer.WriteAsync(visitor.ToString(CultureInfo.InvariantCulture));
                await writer.WriteAsync(line.AsMemory(second), cancellationToken);
                await writer.WriteAsync('\n');
                written++;
            }
        }
    }

    /// <summary>A simulated catalogue.</summary>
    public static async Task WriteProductsAsync(string path, int products, int seed, CancellationToken cancellationToken)
    {
        var random = new Random(seed);
        await using var writer = new StreamWriter(path, append: false, Encoding.ASCII, BufferBytes);
        await writer.WriteAsync("product_id,category_id_0,category_id_1,category_id_2,price\n");
        for (var product = 1; product <= products; product++)
        {
            if (product % BufferBytes == 0)
                cancellationToken.ThrowIfCancellationRequested();
            var leaf = random.Next(1000);
            await writer.WriteAsync(string.Create(
                CultureInfo.InvariantCulture, $"P{product:0000000},department {leaf / 100},category {leaf / 10},shelf {leaf},{random.Next(100, 50_000) / 100.0:0.00}\n"));
        }
    }
}
