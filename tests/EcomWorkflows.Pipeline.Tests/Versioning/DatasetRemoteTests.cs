using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake.Objects;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Pipeline.Versioning.Exchange;
using EcomWorkflows.Pipeline.Versioning.Keeping;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Versioning;

/// <summary>Two repositories, each with its own database and cache, and a remote between them.</summary>
public sealed class DatasetRemoteTests(PostgresFixture postgres, S3Server server) : IClassFixture<PostgresFixture>, IClassFixture<S3Server>, IAsyncLifetime
{
    private readonly string folder = Directory.CreateTempSubdirectory("ecom-remote-").FullName;

    private StageBench here = null!;

    private StageBench there = null!;

    private DatasetBench ours = null!;

    private DatasetBench theirs = null!;

    public async Task InitializeAsync()
    {
        (here, there) = (await StageBench.CreateAsync(postgres, TinyShop.Mapping()), await StageBench.CreateAsync(postgres, TinyShop.Mapping()));
        (ours, theirs) = (new DatasetBench(here), new DatasetBench(there));
    }

    public async Task DisposeAsync()
    {
        await here.DisposeAsync();
        await there.DisposeAsync();
        Directory.Delete(folder, recursive: true);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_version_made_in_one_clone_is_restored_bit_for_bit_in_another(bool bucket)
    {
        await ours.PublishAsync(1, "tiny/raw", ("a.csv", "1\n2\n"), ("sub/b.csv", "3\n"));
        await ours.PublishAsync(2, "tiny/raw", ("a.csv", "1\n2\n4\n"));
        await ours.AddTablesAsync("mine/rows", ("rows.parquet", "select range as id, random() as v from range(1000)"));
        using IObjectStore store = bucket ? server.Open($"{Guid.NewGuid():n}/data") : new DirectoryObjectStore(folder);

        var pushed = await here.Get<DatasetRemote>().PushAsync(store, CancellationToken.None);
        var pulled = await there.Get<DatasetRemote>().PullAsync(store, [], everything: true, CancellationToken.None);

        (pushed.Versions, pushed.Contents).ShouldBe((3, 6));
        pulled.NewTags.ShouldBe(["mine-rows/v1", "tiny-raw/v1", "tiny-raw/v2"], ignoreOrder: true);
        theirs.Git("for-each-ref").ShouldBe(ours.Git("for-each-ref"));
        Contents(there).ShouldBe(Contents(here));
        (await theirs.Versions.ListAsync(null, CancellationToken.None)).Select(v => (v.Tag, v.CommitSha, v.Sha256)).ShouldBe(
            (await ours.Versions.ListAsync(null, CancellationToken.None)).Select(v => (v.Tag, v.CommitSha, v.Sha256)), ignoreOrder: true);
        (await there.Get<DatasetVerification>().RunAsync(await theirs.Versions.ListAsync(null, CancellationToken.None), CancellationToken.None)).Problems.ShouldBeEmpty();
        DvcByTheBook.CheckOut(theirs.Repository);
        theirs.Read("tiny/raw/a.csv").ShouldBe("1\n2\n4\n");
        // Layout of DVC's own remotes.
        (await store.FindAsync("files/md5/6d/db4095eb719e2a9f0a3f95677d24e0", CancellationToken.None))!.Bytes.ShouldBe(4);
        (await here.Get<DatasetRemote>().PushAsync(store, CancellationToken.None)).Contents.ShouldBe(0);
    }

    [Fact]
    public async Task By_default_only_the_newest_content_is_fetched_and_a_named_version_brings_back_what_is_damaged()
    {
        await ours.PublishAsync(1, "tiny/raw", ("a.csv", "1\n"));
        await ours.PublishAsync(2, "tiny/raw", ("a.csv", "2\n"));
        using var store = new DirectoryObjectStore(folder);
        await here.Get<DatasetRemote>().PushAsync(store, CancellationToken.None);
        await there.Get<DatasetRemote>().PullAsync(store, [], everything: false, CancellationToken.None);
        File.Exists(theirs.CachedFile("1\n")).ShouldBeFalse();
        var damaged = theirs.CachedFile("2\n");
        File.SetUnixFileMode(damaged, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        await File.WriteAllTextAsync(damaged, "3\n");

        var pulled = await there.Get<DatasetRemote>().PullAsync(store, ["tiny/raw@v1", "tiny/raw@v2"], everything: false, CancellationToken.None);

        pulled.Contents.ShouldBe(3);
        (await File.ReadAllTextAsync(damaged)).ShouldBe("2\n");
        (await File.ReadAllTextAsync(theirs.CachedFile("1\n"))).ShouldBe("1\n");
    }

    [Fact]
    public async Task Two_repositories_that_went_on_separately_are_joined_and_a_push_over_unseen_versions_is_refused()
    {
        using var store = new DirectoryObjectStore(folder);
        await ours.PublishAsync(1, "tiny/raw", ("a.csv", "1\n"));
        await here.Get<DatasetRemote>().PushAsync(store, CancellationToken.None);
        await there.Get<DatasetRemote>().PullAsync(store, [], everything: true, CancellationToken.None);
        await ours.PublishAsync(2, "tiny/raw", ("a.csv", "2\n"));
        await theirs.AddAsync("mine/labels", ("labels.csv", "x\n"));
        await here.Get<DatasetRemote>().PushAsync(store, CancellationToken.None);

        var refused = await Should.ThrowAsync<DatasetException>(() => there.Get<DatasetRemote>().PushAsync(store, CancellationToken.None));

        refused.Message.ShouldContain("pull first");
        (await there.Get<DatasetRemote>().PullAsync(store, [], everything: true, CancellationToken.None)).NewTags.ShouldBe(["tiny-raw/v2"]);
        theirs.Git("tag").ShouldBe("mine-labels/v1\ntiny-raw/v1\ntiny-raw/v2");
        theirs.Read("CHANGELOG.md").Split("\n## ").Length.ShouldBe(4);
        theirs.Git("status", "--porcelain").ShouldBe("");
        await there.Get<DatasetRemote>().PushAsync(store, CancellationToken.None);
        await here.Get<DatasetRemote>().PullAsync(store, [], everything: true, CancellationToken.None);
        ours.Git("rev-parse", "main").ShouldBe(theirs.Git("rev-parse", "main"));
        ours.Git("fsck", "--strict").ShouldBe("");
        Directory.GetFiles(Path.Combine(folder, "ecom", "history")).ShouldHaveSingleItem();
        // Both go on from the join.
        (await ours.PublishAsync(3, "tiny/raw", ("a.csv", "3\n"))).Single().Manifest.Tag.ShouldBe("tiny-raw/v3");
    }

    [SmallDiskFact]
    public async Task A_cache_that_cannot_be_written_to_serves_what_it_has_and_is_named_with_what_to_do_about_it()
    {
        await ours.PublishAsync(1, "tiny/raw", ("a.csv", "1\n"));
        using var store = new DirectoryObjectStore(folder);
        await here.Get<DatasetRemote>().PushAsync(store, CancellationToken.None);
        using var disk = new SmallDisk(1);
        Directory.CreateSymbolicLink(there.Options.CacheFolder, disk.Folder);
        await there.Get<DatasetRemote>().PullAsync(store, [], everything: true, CancellationToken.None);
        disk.Close();
        await ours.PublishAsync(2, "tiny/raw", ("a.csv", "2\n"));
        await here.Get<DatasetRemote>().PushAsync(store, CancellationToken.None);

        (await theirs.PublishAsync(1, "tiny/raw", ("a.csv", "1\n"))).Single().Manifest.Tag.ShouldBe("tiny-raw/v1");
        var adding = await Should.ThrowAsync<ClosedCacheException>(() => theirs.AddAsync("mine/labels", ("labels.csv", "x\n")));
        var pulling = await Should.ThrowAsync<ClosedCacheException>(() => there.Get<DatasetRemote>().PullAsync(store, [], everything: true, CancellationToken.None));

        pulling.Message.ShouldStartWith($"The cache {there.Options.CacheFolder} cannot be written to by the user '{Environment.UserName}' (Read-only file system");
        pulling.Message.ShouldContain($"chown -R {Environment.UserName} {there.Options.CacheFolder}");
        adding.Message.ShouldStartWith($"The cache {there.Options.CacheFolder} cannot be written to");
        ClosedFolder.IsReason(new UnauthorizedAccessException()).ShouldBeTrue();
        File.Delete(there.Options.CacheFolder);
        (await there.Get<DatasetRemote>().PullAsync(store, [], everything: true, CancellationToken.None)).Contents.ShouldBe(4);
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_remote_is_cleaned_of_what_no_version_needs_and_only_by_who_knows_all_its_versions(bool bucket)
    {
        await ours.PublishAsync(1, "tiny/raw", ("a.csv", "1\n"));
        using IObjectStore store = bucket ? server.Open($"{Guid.NewGuid():n}/data") : new DirectoryObjectStore(folder);
        var (remote, unaware) = (here.Get<DatasetRemote>(), there.Get<DatasetRemote>());
        await remote.PushAsync(store, CancellationToken.None);
        var orphan = await ours.StoreOnlyAsync("tiny/raw", ("never-tagged.csv", "4\n"));
        const string Key = "files/md5/00/112233445566778899aabbccddeeff";
        await store.UploadAsync(Key, orphan.File, CancellationToken.None);
        await theirs.PublishAsync(1, "tiny/other", ("b.csv", "1\n"));

        var young = await remote.CollectGarbageAsync(store, TimeSpan.FromHours(24), dryRun: false, CancellationToken.None);
        var listed = await remote.CollectGarbageAsync(store, TimeSpan.FromDays(-400), dryRun: true, CancellationToken.None);
        var refused = await Should.ThrowAsync<DatasetException>(() => unaware.CollectGarbageAsync(store, TimeSpan.FromDays(-400), dryRun: false, CancellationToken.None));

        (young.Files.Count, young.Needed, young.Young).ShouldBe((0, 2, 1));
        listed.Files.ShouldHaveSingleItem().Path.ShouldBe($"{store.Location}/{Key}");
        refused.Message.ShouldContain("Run ./ecom datasets pull first");
        (await store.FindAsync(Key, CancellationToken.None)).ShouldNotBeNull();
        (await remote.CollectGarbageAsync(store, TimeSpan.FromDays(-400), dryRun: false, CancellationToken.None)).Files.Count.ShouldBe(1);
        (await store.FindAsync(Key, CancellationToken.None)).ShouldBeNull();
        (await unaware.PullAsync(store, [], everything: true, CancellationToken.None)).Contents.ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task The_same_number_used_twice_is_refused_and_changes_nothing()
    {
        using var store = new DirectoryObjectStore(folder);
        await ours.PublishAsync(1, "tiny/raw", ("a.csv", "1\n"));
        await theirs.PublishAsync(1, "tiny/raw", ("a.csv", "2\n"));
        await here.Get<DatasetRemote>().PushAsync(store, CancellationToken.None);
        var before = theirs.Git("for-each-ref");

        var refused = await Should.ThrowAsync<DatasetException>(() => there.Get<DatasetRemote>().PullAsync(store, [], everything: true, CancellationToken.None));

        refused.Message.ShouldContain("tiny-raw/v1 is not the same version");
        theirs.Git("for-each-ref").ShouldBe(before);
    }

    [Fact]
    public async Task Damage_is_neither_pushed_nor_pulled_and_a_lack_is_named()
    {
        using var store = new DirectoryObjectStore(folder);
        await ours.PublishAsync(1, "tiny/raw", ("a.csv", "1\n"));
        await here.Get<DatasetRemote>().PushAsync(store, CancellationToken.None);
        var remote = Directory.GetFiles(Path.Combine(folder, "files"), "*", SearchOption.AllDirectories).Single(f => !f.EndsWith(".dir", StringComparison.Ordinal));
        await File.WriteAllTextAsync(remote, "9\n");

        (await Should.ThrowAsync<DatasetStoreException>(() => there.Get<DatasetRemote>().PullAsync(store, [], everything: true, CancellationToken.None)))
            .Message.ShouldContain("does not hold what its name says");
        File.Exists(theirs.CachedFile("1\n")).ShouldBeFalse();
        File.Delete(remote);
        (await Should.ThrowAsync<DatasetStoreException>(() => there.Get<DatasetRemote>().PullAsync(store, [], everything: true, CancellationToken.None)))
            .Message.ShouldContain("it is a.csv of tiny-raw/v1");
        File.Delete(ours.CachedFile("1\n"));
        (await Should.ThrowAsync<DatasetStoreException>(() => here.Get<DatasetRemote>().PushAsync(store, CancellationToken.None)))
            .Message.ShouldContain("is missing: it was not pushed");
    }

    [Theory]
    [InlineData(false)]
    [InlineData(true)]
    public async Task A_place_without_versions_is_no_remote_to_pull_from(bool bucket)
    {
        using IObjectStore store = bucket ? server.Open($"{Guid.NewGuid():n}") : new DirectoryObjectStore(Path.Combine(folder, "not-mounted"));

        (await Should.ThrowAsync<DatasetStoreException>(() => there.Get<DatasetRemote>().PullAsync(store, [], everything: true, CancellationToken.None)))
            .Message.ShouldStartWith($"{store.Location} holds no dataset versions: nobody has pushed there, its disk is not mounted");
    }

    [Fact]
    public async Task The_remote_is_remembered_for_us_and_for_DVC_and_without_one_it_is_said_how_to_set_it()
    {
        var remote = here.Get<DatasetRemote>();
        (await Should.ThrowAsync<DatasetException>(() => remote.PullAsync((RemoteSettings?)null, [], false, CancellationToken.None))).Message.ShouldContain("./ecom datasets remote FOLDER");

        (await Should.ThrowAsync<TaskFailedException>(() => remote.SetAsync(new RemoteSettings("gs://bucket/x", null), CancellationToken.None))).Message.ShouldContain("s3://bucket/prefix");

        await remote.SetAsync(new RemoteSettings(folder, null), CancellationToken.None);

        (await remote.FindAsync(CancellationToken.None)).ShouldBe(new RemoteSettings(folder, null));
        ours.Read(".dvc/config.local").ShouldBe($"[cache]\n    dir = {here.Options.CacheFolder}\n[core]\n    remote = ecom\n['remote \"ecom\"']\n    url = {folder}\n");
        (await Should.ThrowAsync<DatasetException>(() => remote.PushAsync((RemoteSettings?)null, CancellationToken.None))).Message.ShouldContain("no dataset versions to push");
        await ours.PublishAsync(1, "tiny/raw", ("a.csv", "1\n"));
        (await remote.PushAsync((RemoteSettings?)null, CancellationToken.None)).Location.ShouldBe(folder);
    }

    private static SortedDictionary<string, string> Contents(StageBench stage) => new(
        Directory.GetFiles(Path.Combine(stage.Options.CacheFolder, "files"), "*", SearchOption.AllDirectories)
            .ToDictionary(f => Path.GetRelativePath(stage.Options.CacheFolder, f), f => Convert.ToHexStringLower(System.Security.Cryptography.SHA256.HashData(File.ReadAllBytes(f)))));
}
