using System.IO.Pipelines;

namespace EcomWorkflows.Pipeline.Ingestion.Csv;

/// <summary>Reads another stream on a thread of its own, some megabytes ahead, so that unpacking and parsing take turns no more.</summary>
/// <remarks>What the other stream throws is thrown by the read that reaches the place. Disposing stops the thread and disposes the other stream.</remarks>
internal sealed class ReadAheadStream : Stream
{
    private const int BlockBytes = 1 << 18;
    private const int AheadBytes = 1 << 22;

    private readonly Pipe pipe = new(new PipeOptions(pauseWriterThreshold: AheadBytes, resumeWriterThreshold: AheadBytes / 2, minimumSegmentSize: BlockBytes, useSynchronizationContext: false));
    private readonly Stream source;
    private readonly Stream reader;
    private readonly Task filling;

    public ReadAheadStream(Stream source)
    {
        this.source = source;
        reader = pipe.Reader.AsStream();
        filling = Task.Run(FillAsync);
    }

    public override bool CanRead => true;

    public override bool CanSeek => false;

    public override bool CanWrite => false;

    public override long Length => throw new NotSupportedException();

    public override long Position
    {
        get => throw new NotSupportedException();
        set => throw new NotSupportedException();
    }

    public override int Read(byte[] buffer, int offset, int count) => reader.Read(buffer, offset, count);

    public override int Read(Span<byte> buffer) => reader.Read(buffer);

    public override void Flush()
    {
    }

    public override long Seek(long offset, SeekOrigin origin) => throw new NotSupportedException();

    public override void SetLength(long value) => throw new NotSupportedException();

    public override void Write(byte[] buffer, int offset, int count) => throw new NotSupportedException();

    protected override void Dispose(bool disposing)
    {
        if (disposing)
        {
            // Completes the pipe's reader: the filling thread sees that at its next block and ends.
            reader.Dispose();
            filling.Wait();
            source.Dispose();
        }
        base.Dispose(disposing);
    }

    private async Task FillAsync()
    {
        Exception? failure = null;
        try
        {
            int read;
            do
            {
                read = await source.ReadAsync(pipe.Writer.GetMemory(BlockBytes));
                pipe.Writer.Advance(read);
            }
            while (!(await pipe.Writer.FlushAsync()).IsCompleted && read > 0);
        }
        catch (Exception thrown)
        {
            failure = thrown;
        }
        await pipe.Writer.CompleteAsync(failure);
    }
}
