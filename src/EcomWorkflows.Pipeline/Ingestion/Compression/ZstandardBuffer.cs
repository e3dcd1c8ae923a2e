using System.Runtime.InteropServices;

namespace EcomWorkflows.Pipeline.Ingestion.Compression;

/// <summary>libzstd's <c>ZSTD_inBuffer</c> and <c>ZSTD_outBuffer</c>, which are laid out alike.</summary>
[StructLayout(LayoutKind.Sequential)]
internal struct ZstandardBuffer(nint address, nuint size)
{
    public nint Address = address;
    public nuint Size = size;
    public nuint Position;
}
