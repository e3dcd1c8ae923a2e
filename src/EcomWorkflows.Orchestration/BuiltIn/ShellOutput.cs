using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Orchestration.BuiltIn;

/// <summary>Brings a command's output into the task's log, with bounds: a command that writes without end fills neither memory nor the database.</summary>
internal sealed class ShellOutput(ILogger log, int maxLines)
{
    private const int MaxLineLength = 16_384;
    private const int WordsKept = 5;

    private readonly Lock writing = new();
    private readonly Queue<string> last = new();
    private long lines;
    private bool isHeldOpen;

    public string LastLine { get; private set; } = "";

    /// <summary>The last lines of both streams, for a message.</summary>
    public string LastWords
    {
        get
        {
            lock (writing)
                return last.Count == 0 ? "none" : string.Join(" / ", last);
        }
    }

    /// <summary>Reads a stream to its end, or until it is not waited for any more; an overlong line is cut into several.</summary>
    public async Task ReadAsync(StreamReader stream, bool isError, CancellationToken cancellationToken)
    {
        var buffer = new char[8192];
        var line = new System.Text.StringBuilder();
        try
        {
            int read;
            while ((read = await stream.ReadAsync(buffer, cancellationToken)) > 0)
            {
                foreach (var c in buffer.AsSpan(0, read))
                {
                    if (c != '\n')
                        line.Append(c);
                    if (c == '\n' || line.Length == MaxLineLength)
                        Take(line, isError);
                }
            }
        }
        catch (OperationCanceledException)
        {
            isHeldOpen = true;
        }
        if (line.Length > 0)
            Take(line, isError);
    }

    /// <summary>Says how much was left out.</summary>
    public void End()
    {
        if (lines > maxLines)
            log.LogWarning("{Count} more lines of output were not kept (maxLogLines is {Limit})", lines - maxLines, maxLines);
        if (isHeldOpen)
            log.LogWarning("A process that the command has left behind still holds its output; what it writes from now on is not read. Give it an output of its own: >/dev/null 2>&1");
    }

    private void Take(System.Text.StringBuilder content, bool isError)
    {
        var line = content.ToString().TrimEnd('\r');
        content.Clear();
        lock (writing)
        {
            lines++;
            if (!isError && line.Length > 0)
                LastLine = line;
            last.Enqueue(line.Length <= 300 ? line : $"{line[..300]}…");
            if (last.Count > WordsKept)
                last.Dequeue();
            if (lines > maxLines)
                return;
        }
        if (isError)
            log.LogWarning("{Line}", line);
        else
            log.LogInformation("{Line}", line);
    }
}
