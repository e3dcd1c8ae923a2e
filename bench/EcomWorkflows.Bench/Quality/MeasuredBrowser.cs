using System.Diagnostics;
using System.Net.WebSockets;
using System.Text.Json.Nodes;

namespace EcomWorkflows.Bench.Quality;

/// <summary>The system's Chromium, asked through its debugging protocol when a page was there.</summary>
internal sealed class MeasuredBrowser : IAsyncDisposable
{
    /// <summary>Milliseconds from the navigation until the page is loaded, laid out and drawn: the second frame after the load event has the first one behind it.</summary>
    private const string Opened =
        """
        new Promise(done => {
          const drawn = () => requestAnimationFrame(() => requestAnimationFrame(() => done(performance.now())));
          if (document.readyState === 'complete') drawn(); else addEventListener('load', drawn);
        })
        """;

    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private readonly Process process;
    private readonly ClientWebSocket socket = new();
    private int lastId;

    private MeasuredBrowser(Process process) => this.process = process;

    /// <param name="folder">For the browser's profile.</param>
    public static async Task<MeasuredBrowser> StartAsync(string folder, CancellationToken cancellationToken)
    {
        var start = new ProcessStartInfo("chromium")
        {
            ArgumentList =
            {
                "--headless", "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--no-first-run", "--window-size=1280,900", "--remote-debugging-port=0",
                $"--user-data-dir={folder}", "about:blank",
            },
            RedirectStandardError = true,
            RedirectStandardOutput = true,
        };
        var browser = new MeasuredBrowser(Process.Start(start)!);
        try
        {
            await browser.ConnectAsync(cancellationToken);
            return browser;
        }
        catch
        {
            await browser.DisposeAsync();
            throw;
        }
    }

    /// <summary>Seconds from the navigation until the page is loaded and drawn.</summary>
    public async Task<double> OpenAsync(Uri page, CancellationToken cancellationToken)
    {
        await SendAsync("Page.navigate", new JsonObject { ["url"] = page.AbsoluteUri }, cancellationToken);
        var answer = await SendAsync("Runtime.evaluate", new JsonObject { ["expression"] = Opened, ["awaitPromise"] = true, ["returnByValue"] = true }, cancellationToken);
        return (double)answer["result"]!["value"]! / 1000;
    }

    public async ValueTask DisposeAsync()
    {
        socket.Dispose();
        if (!process.HasExited)
            process.Kill(entireProcessTree: true);
        await process.WaitForExitAsync();
        process.Dispose();
    }

    /// <summary>The browser says on its error output where it listens, and there which page it has.</summary>
    private async Task ConnectAsync(CancellationToken cancellationToken)
    {
        const string announcement = "DevTools listening on ws://";
        using var patience = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        patience.CancelAfter(Patience);
        while (await process.StandardError.ReadLineAsync(patience.Token) is { } line)
        {
            if (!line.StartsWith(announcement, StringComparison.Ordinal))
                continue;
            using var http = new HttpClient { BaseAddress = new Uri("http://" + line[announcement.Length..].Split('/')[0]) };
            var pages = JsonNode.Parse(await http.GetStringAsync("/json", patience.Token))!.AsArray();
            await socket.ConnectAsync(new Uri((string)pages.First(page => (string)page!["type"]! == "page")!["webSocketDebuggerUrl"]!), patience.Token);
            return;
        }
        throw new InvalidOperationException("The browser ended without listening.");
    }

    private async Task<JsonNode> SendAsync(string method, JsonObject parameters, CancellationToken cancellationToken)
    {
        var id = ++lastId;
        var request = new JsonObject { ["id"] = id, ["method"] = method, ["params"] = parameters };
        await socket.SendAsync(System.Text.Encoding.UTF8.GetBytes(request.ToJsonString()), WebSocketMessageType.Text, endOfMessage: true, cancellationToken);
        while (true)
        {
            var answer = await ReceiveAsync(cancellationToken);
            if ((int?)answer["id"] == id)
                return answer["result"] ?? throw new InvalidOperationException($"{method}: {answer["error"]?.ToJsonString()}");
        }
    }

    private async Task<JsonNode> ReceiveAsync(CancellationToken cancellationToken)
    {
        using var message = new MemoryStream();
        var buffer = new byte[1 << 16];
        while (true)
        {
            var part = await socket.ReceiveAsync(buffer, cancellationToken);
            message.Write(buffer, 0, part.Count);
            if (part.EndOfMessage)
                return JsonNode.Parse(message.ToArray())!;
        }
    }
}
