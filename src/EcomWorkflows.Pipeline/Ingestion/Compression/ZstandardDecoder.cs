using System.Runtime.InteropServices;

namespace EcomWorkflows.Pipeline.Ingestion.Compression;

/// <summary>A decoding context of libzstd.</summary>
internal sealed class ZstandardDecoder() : SafeHandle(0, ownsHandle: true)
{
    private const string Library = "libzstd.so.1";

    public override bool IsInvalid => handle == 0;

    /// <exception cref="DllNotFoundException">The system has no libzstd.</exception>
    public static ZstandardDecoder Create()
    {
        var decoder = new ZstandardDecoder();
        decoder.SetHandle(ZSTD_createDStream());
        return decoder;
    }

    /// <summary>Unpacks as much as fits; whether a frame has been begun and not ended.</summary>
    /// <exception cref="InvalidDataException">The data is no zstd, or damaged.</exception>
    public bool Decode(ref ZstandardBuffer output, ref ZstandardBuffer input)
    {
        var code = ZSTD_decompressStream(handle, ref output, ref input);
        return ZSTD_isError(code) == 0
            ? code > 0
            : throw new InvalidDataException($"{Marshal.PtrToStringUTF8(ZSTD_getErrorName(code))}.");
    }

    protected override bool ReleaseHandle() => ZSTD_isError(ZSTD_freeDStream(handle)) == 0;

    [DllImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint ZSTD_createDStream();

    [DllImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nuint ZSTD_freeDStream(nint stream);

    [DllImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nuint ZSTD_decompressStream(nint stream, ref ZstandardBuffer output, ref ZstandardBuffer input);

    [DllImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern uint ZSTD_isError(nuint code);

    [DllImport(Library), DefaultDllImportSearchPaths(DllImportSearchPath.SafeDirectories)]
    private static extern nint ZSTD_getErrorName(nuint code);
}
