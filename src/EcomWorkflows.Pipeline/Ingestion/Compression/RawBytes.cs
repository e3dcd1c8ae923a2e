using System.IO.Compression;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion.Csv;

namespace EcomWorkflows.Pipeline.Ingestion.Compression;

/// <summary>Opens raw files unpacked.</summary>
internal static class RawBytes
{
    private const int ReadAhead = 1 << 16;

    public static CompressionKind KindOf(string path)
    {
        using var file = File.OpenRead(path);
        return KindOf(file);
    }

    /// <summary>Names of the files in a zip file, in its order; null for one file alone.</summary>
    /// <exception cref="TaskFailedException">The zip file is damaged or holds no file.</exception>
    public static IReadOnlyList<string>? Members(string path, string name)
    {
        if (KindOf(path) != CompressionKind.Zip)
            return null;
        try
        {
            using var archive = ZipFile.OpenRead(path);
            var members = archive.Entries.Select(entry => entry.FullName).Where(IsData).ToList();
            return members.Count > 0 ? members : throw new TaskFailedException($"{name} is a zip file without a file in it.", FailureCause.BadData, retryable: false);
        }
        catch (InvalidDataException damaged)
        {
            throw Damaged(path, name, null, damaged);
        }
    }

    /// <exception cref="InvalidDataException">What is read is damaged or cut off; thrown by the stream, too.</exception>
    public static Stream Open(RawInput input)
    {
        var file = new FileStream(input.Path, FileMode.Open, FileAccess.Read, FileShare.Read, ReadAhead, FileOptions.SequentialScan);
        try
        {
            return KindOf(file) switch
            {
                CompressionKind.Gzip => new ReadAheadStream(new GZipStream(file, CompressionMode.Decompress)),
                CompressionKind.Zstandard => new ReadAheadStream(new ZstandardStream(file)),
                CompressionKind.Zip when input.Member is not null => new ReadAheadStream(OpenMember(file, input.Member)),
                _ => file,
            };
        }
        catch
        {
            file.Dispose();
            throw;
        }
    }

    /// <summary>What to say of a packed file that cannot be unpacked.</summary>
    /// <param name="line">The last line that was read whole; null where none was.</param>
    public static TaskFailedException Damaged(string path, string name, long? line, InvalidDataException reason)
    {
        var kind = KindOf(path) switch
        {
            CompressionKind.Zstandard => "zstd",
            CompressionKind.Zip => "zip",
            _ => "gzip",
        };
        return new TaskFailedException(
            $"{name}: the {kind} data is damaged or cut off{(line is null ? "" : $" after line {line}")}: {reason.Message} Fetch the file again; nothing of it was published.",
            FailureCause.BadData, retryable: false, reason);
    }

    private static Stream OpenMember(FileStream file, string member)
    {
        var archive = new ZipArchive(file, ZipArchiveMode.Read);
        var entry = archive.GetEntry(member) ?? throw new InvalidDataException($"it has no file '{member}'.");
        return new ArchiveMemberStream(archive, entry.Open());
    }

    // Folders, and what macOS puts beside the files.
    private static bool IsData(string member) => !member.EndsWith('/') && !member.StartsWith("__MACOSX/", StringComparison.Ordinal);

    private static CompressionKind KindOf(FileStream file)
    {
        Span<byte> start = stackalloc byte[4];
        var read = file.ReadAtLeast(start, start.Length, throwOnEndOfStream: false);
        file.Position = 0;
        return start[..read] switch
        {
            [0x1F, 0x8B, ..] => CompressionKind.Gzip,
            [0x28, 0xB5, 0x2F, 0xFD] => CompressionKind.Zstandard,
            [(byte)'P', (byte)'K', 3, 4] or [(byte)'P', (byte)'K', 5, 6] => CompressionKind.Zip,
            _ => CompressionKind.None,
        };
    }
}
