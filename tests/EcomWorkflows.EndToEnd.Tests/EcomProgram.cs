using System.Diagnostics;
using System.Net;
using System.Net.Sockets;
using System.Text.Json.Nodes;
using EcomWorkflows.Server.Database;

namespace EcomWorkflows.EndToEnd.Tests;

/// <summary>The real program in processes of its own, on an empty home that is removed afterwards.</summary>
internal sealed class EcomProgram : IDisposable
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(10);

    private static readonly TimeSpan PollInterval = TimeSpan.FromMilliseconds(200);

    private readonly DirectoryInfo home = Directory.CreateTempSubdirectory("ecom-end-to-end-");

    private readonly string address = $"http://127.0.0.1:{FreePort()}";

    public EcomProgram() => home.UnixFileMode |= UnixFileMode.GroupExecute | UnixFileMode.OtherExecute;

    public string Home => home.FullName;

    public string Address => address;

    /// <summary>Starts a command and leaves it running.</summary>
    public Process Start(params string[] arguments)
    {
        var start = new ProcessStartInfo("dotnet", [typeof(EmbeddedPostgres).Assembly.Location, .. arguments])
        {
            RedirectStandardInput = true,
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        start.Environment["ECOM_HOME"] = Home;
        start.Environment["ECOM_URLS"] = address;
        start.Environment.Remove("ECOM_DATABASE");
        return Process.Start(start)!;
    }

    /// <summary>Runs a command to its end.</summary>
    public Task<(int ExitCode, string Output, string Errors)> RunAsync(params string[] arguments) => TypeAsync("", arguments);

    /// <summary>Runs a command to its end with this on its stdin.</summary>
    public async Task<(int ExitCode, string Output, string Errors)> TypeAsync(string input, params string[] arguments)
    {
        using var process = Start(arguments);
        await process.StandardInput.WriteAsync(input);
        process.StandardInput.Close();
        var output = process.StandardOutput.ReadToEndAsync();
        var errors = process.StandardError.ReadToEndAsync();
        await process.WaitForExitAsync().WaitAsync(Patience);
        return (process.ExitCode, await output, await errors);
    }

    /// <summary>The rows of a query.</summary>
    public async Task<JsonArray> QueryAsync(string sql)
    {
        var (exitCode, output, errors) = await RunAsync("sql", sql, "--output", "json");
        return exitCode == 0 ? JsonNode.Parse(output)!.AsArray() : throw new InvalidOperationException(errors);
    }

    /// <summary>Asks until the server is ready for requests.</summary>
    public async Task WaitForServerAsync()
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(PollInterval);
        using var client = new HttpClient();
        while (!await IsReadyAsync(client, patience.Token))
            await timer.WaitForNextTickAsync(patience.Token);
    }

    /// <summary>Asks until the query has a row.</summary>
    public async Task WaitForRowAsync(string sql)
    {
        using var patience = new CancellationTokenSource(Patience);
        using var timer = new PeriodicTimer(PollInterval);
        while ((await QueryAsync(sql)).Count == 0)
            await timer.WaitForNextTickAsync(patience.Token);
    }

    private async Task<bool> IsReadyAsync(HttpClient client, CancellationToken cancellationToken)
    {
        try
        {
            using var answer = await client.GetAsync(address + "/readyz", cancellationToken);
            return answer.IsSuccessStatusCode;
        }
        catch (HttpRequestException)
        {
            return false;
        }
    }

    private static int FreePort()
    {
        using var probe = new Socket(AddressFamily.InterNetwork, SocketType.Stream, ProtocolType.Tcp);
        probe.Bind(new IPEndPoint(IPAddress.Loopback, 0));
        return ((IPEndPoint)probe.LocalEndPoint!).Port;
    }

    public void Dispose() => home.Delete(recursive: true);
}
