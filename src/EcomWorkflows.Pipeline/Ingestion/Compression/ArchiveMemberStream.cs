using System.IO.Compression;

namespace EcomWorkflows.Pipeline.Ingestion.Compression;

/// <summary>One file of a zip file; closes the zip file with itself.</summary>
internal sealed class ArchiveMemberStream(ZipArchive archive, Stream member) : ReadOnlyStream
{
    public override int Read(Span<byte> buffer) => member.Read(buffer);

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            member.Dispose();
            archive.Dispose();
        }
        base.Dispose(disposing);
    }
}
