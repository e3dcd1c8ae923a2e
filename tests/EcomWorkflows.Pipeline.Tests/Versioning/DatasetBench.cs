using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Versioning;

namespace EcomWorkflows.Pipeline.Tests.Versioning;

/// <summary>Publishes small made-up datasets into a dataset repository.</summary>
internal sealed class DatasetBench(StageBench stage)
{
    public string Repository => stage.Options.DataVersionsFolder;

    public DatasetVersions Versions => stage.Get<DatasetVersions>();

    /// <param name="files">Relative path and text of each file of dataset <c>tiny/raw</c>.</param>
    public async Task<IReadOnlyList<PublishedDataset>> PublishAsync(long run, string dataset, params (string Path, string Text)[] files)
    {
        var contents = new List<DatasetContent> { await StoreAsync(dataset, files) };
        var context = stage.Context(run);
        var publisher = stage.Get<DatasetPublisher>();
        IReadOnlyList<PublishedDataset> published = [];
        await context.PublishAsync(async (scope, ct) => published = await publisher.PublishAsync(scope, context, contents, ct), CancellationToken.None);
        await publisher.CheckOutAsync(context, published, CancellationToken.None);
        return published;
    }

    public string Read(string path) => File.ReadAllText(Path.Combine(Repository, path));

    /// <summary>Output of the git program, run as a user of the repository would.</summary>
    public string Git(params string[] arguments)
    {
        var start = new ProcessStartInfo("git", ["-c", $"safe.directory={Repository}", "-C", Repository, .. arguments]) { RedirectStandardOutput = true };
        using var git = Process.Start(start)!;
        var output = git.StandardOutput.ReadToEnd();
        git.WaitForExit();
        return output.TrimEnd('\n');
    }

    private async Task<DatasetContent> StoreAsync(string dataset, (string Path, string Text)[] files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(stage.Options.Home, "lake", Guid.NewGuid().ToString("n"))).FullName;
        var sources = new List<DatasetFile>();
        foreach (var (path, text) in files)
        {
            var full = Path.Combine(folder, path);
            Directory.CreateDirectory(Path.GetDirectoryName(full)!);
            await File.WriteAllTextAsync(full, text);
            sources.Add(new DatasetFile(path, full, Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text))), text.Count(c => c == '\n')));
        }
        var cache = stage.Get<ContentCache>();
        var cached = await cache.AddAsync(sources, CancellationToken.None);
        var (pointer, list) = DvcPointer.ForFolder(cached, dataset[(dataset.LastIndexOf('/') + 1)..]);
        await cache.AddAsync(pointer.Md5, list, CancellationToken.None);
        return new DatasetContent(
            dataset, cached, [new DatasetTable($"silver.{dataset}", 7, 3, [new DatasetColumn("id", "BIGINT")])], cached.Sum(f => f.Rows ?? 0), "a test", pointer,
            [new DatasetValidation("events", "passed", "tiny/events", 3, 0, 1)]);
    }
}
