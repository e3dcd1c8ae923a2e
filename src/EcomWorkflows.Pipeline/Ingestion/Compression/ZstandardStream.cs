using System.Runtime.InteropServices;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Ingestion.Compression;

/// <summary>Unpacks zstd with the system's libzstd, which every Debian and Ubuntu has: dpkg itself needs it.</summary>
internal sealed class ZstandardStream : ReadOnlyStream
{
    private const int BlockBytes = 1 << 17;

    private readonly Stream source;
    private readonly ZstandardDecoder decoder;

    // Pinned: the library is given their addresses.
    private readonly byte[] packed = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);
    private readonly byte[] unpacked = GC.AllocateUninitializedArray<byte>(BlockBytes, pinned: true);
    private ZstandardBuffer input;
    private int ready;
    private int taken;
    private bool frameIsOpen;

    /// <exception cref="TaskFailedException">The library is not there.</exception>
    public ZstandardStream(Stream source)
    {
        this.source = source;
        try
        {
            decoder = ZstandardDecoder.Create();
        }
        catch (DllNotFoundException missing)
        {
            throw new TaskFailedException($"zstd files need libzstd: sudo apt-get install -y libzstd1. ({missing.Message})", retryable: false, innerException: missing);
        }
        input = new ZstandardBuffer(Marshal.UnsafeAddrOfPinnedArrayElement(packed, 0), 0);
    }

    public override int Read(Span<byte> buffer)
    {
        while (taken == ready)
        {
            if (!Unpack())
                return 0;
        }
        var length = Math.Min(buffer.Length, ready - taken);
        unpacked.AsSpan(taken, length).CopyTo(buffer);
        taken += length;
        return length;
    }

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            decoder.Dispose();
            source.Dispose();
        }
        base.Dispose(disposing);
    }

    /// <summary>Unpacks one block; false at the end of the last frame.</summary>
    private bool Unpack()
    {
        if (input.Position == input.Size)
        {
            var read = source.Read(packed);
            if (read == 0)
                return frameIsOpen ? throw new InvalidDataException("The data ends within a frame.") : false;
            input = new ZstandardBuffer(Marshal.UnsafeAddrOfPinnedArrayElement(packed, 0), (nuint)read);
        }
        var output = new ZstandardBuffer(Marshal.UnsafeAddrOfPinnedArrayElement(unpacked, 0), (nuint)unpacked.Length);
        frameIsOpen = decoder.Decode(ref output, ref input);
        (ready, taken) = ((int)output.Position, 0);
        return true;
    }
}
