using EcomWorkflows.Pipeline.Lake.Objects;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Lake.Objects;

/// <summary>What every kind of object store must do.</summary>
public abstract class ObjectStoreConformance : IDisposable
{
    private readonly string scratch = Directory.CreateTempSubdirectory("ecom-objects-").FullName;

    protected string Scratch => scratch;

    protected abstract IObjectStore Open();

    [Fact]
    public async Task What_was_uploaded_is_read_back_listed_and_deleted()
    {
        using var store = Open();
        await PutAsync(store, "raw/b.txt", "second");
        await PutAsync(store, "raw/a=1/ü £.txt", "first");
        await PutAsync(store, "rawest.txt", "third");

        (await KeysAsync(store, "raw/")).ShouldBe(["raw/a=1/ü £.txt", "raw/b.txt"]);
        (await KeysAsync(store, "raw")).ShouldBe(["raw/a=1/ü £.txt", "raw/b.txt", "rawest.txt"]);
        (await ReadAsync(store, "raw/a=1/ü £.txt")).ShouldBe("first");
        (await store.FindAsync("raw/b.txt", CancellationToken.None))!.Bytes.ShouldBe(6);
        await store.DeleteAsync("raw/b.txt", CancellationToken.None);
        (await KeysAsync(store, "raw/")).ShouldBe(["raw/a=1/ü £.txt"]);
    }

    [Fact]
    public async Task An_object_that_is_written_again_is_replaced_and_has_another_version()
    {
        using var store = Open();
        await PutAsync(store, "again.txt", "old");
        var before = await store.FindAsync("again.txt", CancellationToken.None);
        await PutAsync(store, "again.txt", "newer");

        (await ReadAsync(store, "again.txt")).ShouldBe("newer");
        (await store.FindAsync("again.txt", CancellationToken.None))!.Version.ShouldNotBe(before!.Version);
    }

    [Fact]
    public async Task An_object_is_downloaded_whole_into_a_folder_that_is_made()
    {
        using var store = Open();
        await PutAsync(store, "x.txt", "content");
        var target = Path.Combine(scratch, "new", "folder", "x.txt");
        await store.DownloadAsync("x.txt", target, CancellationToken.None);

        (await File.ReadAllTextAsync(target)).ShouldBe("content");
        Directory.GetFiles(Path.GetDirectoryName(target)!).ShouldBe([target]);
    }

    [Fact]
    public async Task What_is_not_there_is_said_by_key_and_deleting_it_is_no_error()
    {
        using var store = Open();
        (await store.FindAsync("no/such", CancellationToken.None)).ShouldBeNull();
        await store.DeleteAsync("no/such", CancellationToken.None);
        var missing = await Should.ThrowAsync<ObjectNotFoundException>(() => store.DownloadAsync("no/such", Path.Combine(scratch, "none"), CancellationToken.None));
        missing.Key.ShouldBe("no/such");
        missing.Retryable.ShouldBeFalse();
        Directory.GetFiles(scratch, "none*").ShouldBeEmpty();
    }

    [Theory]
    [InlineData("")]
    [InlineData("/etc/passwd")]
    [InlineData("a/../../b")]
    [InlineData("a//b")]
    public async Task A_key_that_could_lead_out_of_the_store_is_refused(string key)
    {
        using var store = Open();
        await Should.ThrowAsync<ArgumentException>(() => store.FindAsync(key, CancellationToken.None));
    }

    public void Dispose()
    {
        Directory.Delete(scratch, recursive: true);
        GC.SuppressFinalize(this);
    }

    protected async Task PutAsync(IObjectStore store, string key, string text)
    {
        var path = Path.Combine(scratch, "upload");
        await File.WriteAllTextAsync(path, text);
        await store.UploadAsync(key, path, CancellationToken.None);
    }

    protected async Task<string> ReadAsync(IObjectStore store, string key)
    {
        var path = Path.Combine(scratch, "download");
        await store.DownloadAsync(key, path, CancellationToken.None);
        return await File.ReadAllTextAsync(path);
    }

    protected static async Task<IReadOnlyList<string>> KeysAsync(IObjectStore store, string prefix)
    {
        var keys = new List<string>();
        await foreach (var found in store.ListAsync(prefix, CancellationToken.None))
            keys.Add(found.Key);
        return keys;
    }
}
