using System.Collections.Concurrent;
using System.Net;
using System.Net.Sockets;
using System.Text;

namespace EcomWorkflows.Orchestration.Tests.Callbacks;

/// <summary>A real SMTP server on a free port: takes every message, or refuses those to one recipient.</summary>
internal sealed class LocalSmtp : IAsyncDisposable
{
    private readonly TcpListener listener = new(IPAddress.Loopback, 0);
    private readonly CancellationTokenSource stopping = new();
    private readonly Task accepting;

    public LocalSmtp(string? refused = null)
    {
        listener.Start();
        accepting = AcceptAsync(refused);
    }

    public int Port => ((IPEndPoint)listener.LocalEndpoint).Port;

    public ConcurrentQueue<(string Recipients, string Message)> Messages { get; } = new();

    public async ValueTask DisposeAsync()
    {
        await stopping.CancelAsync();
        listener.Stop();
        await accepting;
        stopping.Dispose();
    }

    private async Task AcceptAsync(string? refused)
    {
        var sessions = new List<Task>();
        try
        {
            while (true)
                sessions.Add(ServeAsync(await listener.AcceptTcpClientAsync(stopping.Token), refused));
        }
        catch (OperationCanceledException)
        {
            await Task.WhenAll(sessions);
        }
    }

    private async Task ServeAsync(TcpClient client, string? refused)
    {
        using var connection = client;
        await using var stream = connection.GetStream();
        using var reader = new StreamReader(stream, Encoding.ASCII);
        await using var writer = new StreamWriter(stream, Encoding.ASCII) { AutoFlush = true, NewLine = "\r\n" };
        var recipients = new List<string>();
        await writer.WriteLineAsync("220 local");
        while (await reader.ReadLineAsync(stopping.Token) is { } line)
        {
            var answer = line.Split(' ', ':')[0].ToUpperInvariant() switch
            {
                "EHLO" or "HELO" => "250 local",
                "RCPT" when refused is not null && line.Contains(refused) => "550 no such mailbox",
                "RCPT" => Add(recipients, line),
                "DATA" => "354 go on",
                "QUIT" => "221 bye",
                _ => "250 ok",
            };
            await writer.WriteLineAsync(answer);
            if (answer.StartsWith("354", StringComparison.Ordinal))
            {
                var message = new StringBuilder();
                while (await reader.ReadLineAsync(stopping.Token) is { } content && content != ".")
                    message.AppendLine(content);
                Messages.Enqueue((string.Join(',', recipients), message.ToString()));
                await writer.WriteLineAsync("250 taken");
            }
        }
    }

    private static string Add(List<string> recipients, string line)
    {
        recipients.Add(line[(line.IndexOf('<') + 1)..line.IndexOf('>')]);
        return "250 ok";
    }
}
