using System.Diagnostics;
using System.Globalization;
using EcomWorkflows.Pipeline.Lake.Objects;
using Xunit;

namespace EcomWorkflows.Testing;

/// <summary>A server of the S3 protocol (npm's <c>s3rver</c>) in a process of its own, with one empty bucket. As a class fixture: one server per test class.</summary>
public sealed class S3Server : IAsyncLifetime, IAsyncDisposable
{
    public const string Bucket = "tests";

    /// <summary>The only account the server knows: key and secret are the same word.</summary>
    public const string Account = "S3RVER";

    private readonly string folder = Directory.CreateTempSubdirectory("ecom-s3-").FullName;
    private Process? process;

    /// <summary>For example <c>http://127.0.0.1:40001</c>.</summary>
    public string Address { get; private set; } = "";

    public S3Settings Settings => new(Address, "us-east-1", Account, Account, null);

    /// <summary>The bucket, or what begins with a prefix in it.</summary>
    public S3ObjectStore Open(string prefix = "") => new(Bucket, prefix, Settings);

    public async Task InitializeAsync()
    {
        var script = Path.Combine(RepositoryRoot.Path, "tests", "s3", "server.js");
        if (!Directory.Exists(Path.Combine(Path.GetDirectoryName(script)!, "node_modules", "s3rver")))
            throw new InvalidOperationException("The S3 server of the tests is not installed. Run `./ecom test`, or `npm ci --prefix tests/s3`.");
        // It ends when its standard input does, so a killed test process leaves none behind.
        process = Process.Start(new ProcessStartInfo("node", [script, folder, Bucket]) { RedirectStandardInput = true, RedirectStandardOutput = true })!;
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(60));
        var port = await process.StandardOutput.ReadLineAsync(patience.Token) ?? throw new InvalidOperationException($"{script} ended without naming its port.");
        Address = $"http://127.0.0.1:{int.Parse(port, CultureInfo.InvariantCulture)}";
    }

    public async Task DisposeAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.WaitForExitAsync();
            process.Dispose();
        }
        Directory.Delete(folder, recursive: true);
    }

    async ValueTask IAsyncDisposable.DisposeAsync() => await DisposeAsync();
}
