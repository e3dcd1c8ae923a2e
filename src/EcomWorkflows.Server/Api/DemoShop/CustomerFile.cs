using System.Buffers;

namespace EcomWorkflows.Server.Api.DemoShop;

/// <summary>The simulated shop's customers.json: one record per line; a page is a range of its bytes.</summary>
internal sealed class CustomerFile
{
    private readonly string path;
    private readonly long[] offsets;
    private readonly DateTime written;

    /// <param name="offsets">Where each record starts, and after the last one where its line would be followed by the next.</param>
    private CustomerFile(string path, long[] offsets, DateTime written) => (this.path, this.offsets, this.written) = (path, offsets, written);

    public int Records => offsets.Length - 1;

    /// <summary>The file as it is now; the one known stays valid while nobody has replaced it.</summary>
    /// <exception cref="FileNotFoundException">No shop has been simulated.</exception>
    public static CustomerFile Open(string path, CustomerFile? known)
    {
        var file = new FileInfo(path);
        if (!file.Exists)
            throw new FileNotFoundException($"There is no {path}: simulate the shop first (ecom demo).", path);
        return known is not null && known.path == path && known.written == file.LastWriteTimeUtc ? known : Index(file);
    }

    /// <summary>The records from <paramref name="first"/> on as the inside of a JSON list.</summary>
    public async Task<ReadOnlyMemory<byte>> ReadAsync(int first, int count, CancellationToken cancellationToken)
    {
        var (start, end) = (offsets[first], offsets[first + count]);
        var bytes = new byte[end - start];
        using var handle = File.OpenHandle(path, options: FileOptions.Asynchronous);
        var read = 0;
        while (read < bytes.Length)
        {
            var got = await RandomAccess.ReadAsync(handle, bytes.AsMemory(read), start + read, cancellationToken);
            if (got == 0)
                throw new IOException($"{path} was replaced while a page of it was read; ask again.");
            read += got;
        }
        return bytes.AsMemory().TrimEnd((byte)'\n').TrimEnd((byte)',');
    }

    private static CustomerFile Index(FileInfo file)
    {
        using var stream = new FileStream(file.FullName, FileMode.Open, FileAccess.Read, FileShare.Read | FileShare.Delete, 1);
        var offsets = new List<long>();
        var buffer = ArrayPool<byte>.Shared.Rent(1 << 16);
        var position = 0L;
        for (int read; (read = stream.Read(buffer)) > 0; position += read)
        {
            for (var i = 0; i < read; i++)
            {
                if (buffer[i] == '\n')
                    offsets.Add(position + i + 1);
            }
        }
        ArrayPool<byte>.Shared.Return(buffer);
        // Lines: the bracket that opens the list, the records, the bracket that closes it. So the last offset is the end of the file.
        return new CustomerFile(file.FullName, offsets.Count < 2 ? [0] : [.. offsets.SkipLast(1)], file.LastWriteTimeUtc);
    }
}
