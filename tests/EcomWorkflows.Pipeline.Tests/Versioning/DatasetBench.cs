using System.Diagnostics;
using System.Security.Cryptography;
using System.Text;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Versioning;

namespace EcomWorkflows.Pipeline.Tests.Versioning;

/// <summary>Publishes small made-up datasets into a dataset repository.</summary>
internal sealed class DatasetBench(StageBench stage)
{
    public string Repository => stage.Options.DataVersionsFolder;

    public DatasetVersions Versions => stage.Get<DatasetVersions>();

    /// <param name="files">Relative path and text of each file of dataset <c>tiny/raw</c>.</param>
    public Task<IReadOnlyList<PublishedDataset>> PublishAsync(long run, string dataset, params (string Path, string Text)[] files) =>
        PublishAsync(run, dataset, () => { }, files);

    /// <param name="beforePublish">What happens between storing the content and publishing it.</param>
    public async Task<IReadOnlyList<PublishedDataset>> PublishAsync(long run, string dataset, Action beforePublish, params (string Path, string Text)[] files)
    {
        var contents = new List<DatasetContent> { await StoreAsync(dataset, files) };
        beforePublish();
        var context = stage.Context(run);
        var publisher = stage.Get<DatasetPublisher>();
        IReadOnlyList<PublishedDataset> published = [];
        await context.PublishAsync(async (scope, ct) => published = await publisher.PublishAsync(scope, context, contents, ct), CancellationToken.None);
        await publisher.CheckOutAsync(CancellationToken.None);
        return published;
    }

    /// <summary>Makes a version as a person does.</summary>
    public async Task<VersionedDataset> AddAsync(string dataset, params (string Path, string Text)[] files)
    {
        var folder = await WriteAsync(files);
        var path = files is [var only] && !only.Path.Contains('/', StringComparison.Ordinal) ? Path.Combine(folder, only.Path) : folder;
        return await stage.Get<ManualDatasets>().AddAsync(dataset, path, "a test", null, "cli:ana", CancellationToken.None);
    }

    /// <summary>Makes a version of Parquet files, each the rows of a DuckDB SELECT.</summary>
    public async Task<VersionedDataset> AddTablesAsync(string dataset, params (string Path, string Select)[] files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(stage.Options.Home, "files", Guid.NewGuid().ToString("n"))).FullName;
        using (var duckDb = DuckDbConnection.Open(new DuckDbOptions { PreserveInsertionOrder = true }))
        {
            foreach (var (path, select) in files)
            {
                Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
                duckDb.Execute($"copy ({select}) to {DuckDbSql.Literal(Path.Combine(folder, path))} (format parquet)");
            }
        }
        return await stage.Get<ManualDatasets>().AddAsync(dataset, folder, "a test", null, "cli:ana", CancellationToken.None);
    }

    /// <summary>Puts content into the cache that no version ever names.</summary>
    public async Task<(string File, string List)> StoreOnlyAsync(string dataset, (string Path, string Text) file)
    {
        var content = await StoreAsync(dataset, [file]);
        return (Cached(content.Files[0].Md5), Cached(content.Md5));
    }

    public async Task SqlAsync(string sql)
    {
        await using var command = stage.Get<Npgsql.NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    /// <summary>Where the cache has a content.</summary>
    public string Cached(string md5) => Path.Combine(stage.Options.CacheFolder, "files", "md5", md5[..2], md5[2..]);

#pragma warning disable CA5351 // DVC's own choice.
    public string CachedFile(string text) => Cached(Convert.ToHexStringLower(MD5.HashData(Encoding.UTF8.GetBytes(text))));
#pragma warning restore CA5351

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

    private async Task<string> WriteAsync((string Path, string Text)[] files)
    {
        var folder = Directory.CreateDirectory(Path.Combine(stage.Options.Home, "lake", Guid.NewGuid().ToString("n"))).FullName;
        foreach (var (path, text) in files)
        {
            Directory.CreateDirectory(Path.GetDirectoryName(Path.Combine(folder, path))!);
            await File.WriteAllTextAsync(Path.Combine(folder, path), text);
        }
        return folder;
    }

    private async Task<DatasetContent> StoreAsync(string dataset, (string Path, string Text)[] files)
    {
        var folder = await WriteAsync(files);
        var sources = files.Select(f => new DatasetFile(
            f.Path, Path.Combine(folder, f.Path), Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(f.Text))), f.Text.Count(c => c == '\n'))).ToList();
        var cache = stage.Get<ContentCache>();
        var cached = await cache.AddAsync(sources, CancellationToken.None);
        var (pointer, list) = DvcPointer.ForFolder(cached, dataset[(dataset.LastIndexOf('/') + 1)..]);
        await cache.AddAsync(pointer.Md5, list, CancellationToken.None);
        return new DatasetContent(
            dataset, cached, [new DatasetTable($"silver.{dataset}", 7, 3, [new DatasetColumn("id", "BIGINT")])], cached.Sum(f => f.Rows ?? 0), "a test", pointer,
            [new DatasetValidation("events", "passed", "tiny/events", 3, 0, 1)]);
    }
}
