using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Pipeline.Versioning.Keeping;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Versioning;

/// <summary>Checking out, verifying and collecting garbage.</summary>
public sealed class DatasetKeepingTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly (string, string) FileA = ("a.csv", "id\n1\n2\n");

    private static readonly (string, string) FileB = ("sub/b.csv", "id\n3\n");

    private StageBench stage = null!;

    private DatasetBench bench = null!;

    public async Task InitializeAsync()
    {
        stage = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        bench = new DatasetBench(stage);
    }

    public async Task DisposeAsync() => await stage.DisposeAsync();

    [Fact]
    public async Task What_DVC_checks_out_by_its_documentation_and_what_we_check_out_are_the_files_of_each_version()
    {
        await bench.PublishAsync(1, "tiny/raw", FileA, FileB, ("Größe \"1\".csv", "x\n"));
        await bench.AddAsync("mine/labels", ("labels.csv", "id,label\n1,yes\n"));
        await bench.PublishAsync(2, "tiny/raw", ("a.csv", "id\n9\n"), FileB);

        DvcByTheBook.CheckOut(bench.Repository);
        bench.Read("tiny/raw/a.csv").ShouldBe("id\n9\n");
        bench.Read("mine/labels.csv").ShouldBe("id,label\n1,yes\n");
        bench.Git("status", "--porcelain").ShouldBe("");

        bench.Git("checkout", "--quiet", "tiny-raw/v1");
        DvcByTheBook.CheckOut(bench.Repository);
        bench.Read("tiny/raw/a.csv").ShouldBe(FileA.Item2);
        bench.Read("tiny/raw/Größe \"1\".csv").ShouldBe("x\n");
        bench.Git("checkout", "--quiet", "main");

        var done = await CheckOutAsync("tiny-raw/v1");
        done.ShouldBe(new CheckedOut("tiny-raw/v1", Path.Combine(bench.Repository, "tiny", "raw"), 3, 14));
        bench.Read("tiny/raw/a.csv").ShouldBe(FileA.Item2);
        await CheckOutAsync("tiny/raw");
        bench.Read("tiny/raw/a.csv").ShouldBe("id\n9\n");
        File.Exists(Path.Combine(bench.Repository, "tiny/raw/Größe \"1\".csv")).ShouldBeFalse();
    }

    [Fact]
    public async Task Files_no_version_has_are_not_overwritten_unless_forced()
    {
        await bench.PublishAsync(1, "tiny/raw", FileA);
        var place = Path.Combine(stage.Options.Home, "out");
        await CheckOutAsync("tiny/raw", place);
        await File.WriteAllTextAsync(Path.Combine(place, "mine.txt"), "my own work");

        var refused = await Should.ThrowAsync<DatasetException>(() => CheckOutAsync("tiny/raw", place));

        refused.Message.ShouldContain("mine.txt");
        refused.Message.ShouldContain("--force");
        File.Exists(Path.Combine(place, "mine.txt")).ShouldBeTrue();
        await CheckOutAsync("tiny/raw", place, force: true);
        Directory.GetFileSystemEntries(place).Select(Path.GetFileName).ShouldBe(["a.csv"]);
    }

    [Fact]
    public async Task One_flipped_byte_is_found_by_verify_and_never_checked_out()
    {
        await bench.PublishAsync(1, "tiny/raw", FileA, FileB);
        await bench.PublishAsync(2, "tiny/raw", FileA);
        (await VerifyAsync()).Problems.ShouldBeEmpty();
        var file = bench.CachedFile(FileA.Item2);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        var problem = (await VerifyAsync()).Problems.ShouldHaveSingleItem();

        problem.Kind.ShouldBe("damaged");
        problem.Place.ShouldBe(file);
        problem.Detail.ShouldStartWith("a.csv");
        problem.Tags.ShouldBe(["tiny-raw/v1", "tiny-raw/v2"]);
        var place = Path.Combine(stage.Options.Home, "out");
        (await Should.ThrowAsync<DatasetStoreException>(() => CheckOutAsync("tiny-raw/v1", place))).Message.ShouldContain("is damaged");
        Directory.GetFileSystemEntries(stage.Options.Home).Select(Path.GetFileName).ShouldNotContain(name => name!.Contains("out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Missing_content_a_changed_pointer_a_lost_tag_and_damaged_git_objects_are_found()
    {
        await bench.PublishAsync(1, "tiny/raw", FileA, FileB);
        await bench.PublishAsync(1, "tiny/more", FileB);
        File.Delete(bench.CachedFile(FileA.Item2));
        bench.Git("tag", "-d", "tiny-more/v1");
        await bench.SqlAsync("update versioning.dataset_version set md5 = repeat('0', 32) || '.dir' where tag = 'tiny-raw/v1'");
        var blob = bench.Git("rev-parse", "main:CHANGELOG.md");
        File.Delete(Path.Combine(bench.Repository, ".git", "objects", blob[..2], blob[2..]));

        var problems = (await VerifyAsync()).Problems;

        problems.Select(p => (p.Kind, Path.GetFileName(p.Place))).ShouldBe(
            [("damaged", "data-versions"), ("missing", "more.dvc"), ("missing", Path.GetFileName(bench.CachedFile(FileA.Item2))), ("missing", new string('0', 30) + ".dir"), ("different", "raw.dvc")],
            ignoreOrder: true);
        (await Should.ThrowAsync<DatasetStoreException>(() => CheckOutAsync("tiny-raw/v1"))).Message.ShouldContain("./ecom datasets pull tiny-raw/v1");
    }

    [Fact]
    public async Task Garbage_is_only_listed_unless_told_and_what_any_tag_needs_always_stays()
    {
        await bench.PublishAsync(1, "tiny/raw", FileA, FileB);
        await bench.PublishAsync(2, "tiny/raw", FileA);
        var orphan = await bench.StoreOnlyAsync("tiny/raw", ("never-tagged.csv", "4\n"));
        var unfinished = Path.Combine(stage.Options.CacheFolder, "files", "md5", "incoming.1.tmp");
        await File.WriteAllTextAsync(unfinished, "half");
        foreach (var file in Directory.GetFiles(stage.Options.CacheFolder, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, stage.Time.GetUtcNow().UtcDateTime.AddDays(-2));
        var young = await bench.StoreOnlyAsync("tiny/raw", ("being-made.csv", "5\n"));
        var garbage = stage.Get<DatasetGarbage>();

        var listed = await garbage.CollectAsync(TimeSpan.FromHours(24), dryRun: true, CancellationToken.None);

        listed.Files.Select(f => f.Path).ShouldBe([orphan.File, orphan.List, unfinished], ignoreOrder: true);
        listed.Young.ShouldBe(2);
        listed.Needed.ShouldBe(4);
        listed.Files.ShouldAllBe(f => File.Exists(f.Path));
        (await garbage.CollectAsync(TimeSpan.FromHours(24), dryRun: false, CancellationToken.None)).Files.Count.ShouldBe(3);
        listed.Files.ShouldAllBe(f => !File.Exists(f.Path));
        File.Exists(young.File).ShouldBeTrue();
        (await VerifyAsync()).Problems.ShouldBeEmpty();
        (await garbage.CollectAsync(TimeSpan.FromHours(24), dryRun: false, CancellationToken.None)).Files.ShouldBeEmpty();
    }

    [Fact]
    public async Task Nothing_is_collected_while_it_is_not_known_what_a_version_needs()
    {
        await bench.PublishAsync(1, "tiny/raw", FileA, FileB);
        var version = await bench.Versions.ResolveAsync("tiny/raw", CancellationToken.None);
        File.Delete(bench.Cached(version.Md5));
        var garbage = stage.Get<DatasetGarbage>();

        // The manifest says what the lost list said.
        (await garbage.CollectAsync(TimeSpan.Zero, dryRun: false, CancellationToken.None)).Files.ShouldBeEmpty();
        File.Exists(bench.CachedFile(FileB.Item2)).ShouldBeTrue();

        await bench.SqlAsync("truncate versioning.dataset_version cascade");
        (await Should.ThrowAsync<DatasetStoreException>(() => garbage.CollectAsync(TimeSpan.Zero, dryRun: false, CancellationToken.None))).Message.ShouldContain("Nothing was removed");
        File.Exists(bench.CachedFile(FileB.Item2)).ShouldBeTrue();
    }

    [Fact]
    public async Task Content_that_garbage_collection_took_before_it_was_tagged_is_noticed_and_not_tagged()
    {
        await bench.PublishAsync(1, "tiny/raw", FileA);

        var lost = await Should.ThrowAsync<DatasetStoreException>(() => bench.PublishAsync(2, "tiny/raw", () => File.Delete(bench.CachedFile(FileB.Item2)), FileB));

        lost.Message.ShouldContain("Try again");
        bench.Git("tag").ShouldBe("tiny-raw/v1");
    }

    [Fact]
    public async Task Without_a_repository_every_command_says_how_to_get_one()
    {
        var version = new DatasetVersion(1, "tiny/raw", 1, "tiny-raw/v1", "0", "0", "0", 1, 1, 1, "", null, "", stage.Time.GetUtcNow(), 1, 1);

        foreach (var command in new Func<Task>[]
        {
            () => stage.Get<DatasetVerification>().RunAsync([version], CancellationToken.None),
            () => stage.Get<DatasetGarbage>().CollectAsync(TimeSpan.Zero, dryRun: true, CancellationToken.None),
        })
            (await Should.ThrowAsync<DatasetStoreException>(command)).Message.ShouldContain("is no git repository: there are no dataset versions yet");
        (await Should.ThrowAsync<NotFoundException>(() => bench.Versions.ResolveAsync("tiny/raw", CancellationToken.None))).Message.ShouldContain("./ecom datasets add");
    }

    [Fact]
    public async Task A_version_that_does_not_exist_is_answered_with_those_that_do()
    {
        await bench.PublishAsync(1, "tiny/raw", FileA);

        (await Should.ThrowAsync<NotFoundException>(() => bench.Versions.ResolveAsync("tiny-raw/v9", CancellationToken.None))).Message.ShouldContain("tiny/raw has v1 to v1");
        (await Should.ThrowAsync<NotFoundException>(() => bench.Versions.ResolveAsync("tiny/silver", CancellationToken.None))).Message.ShouldContain("there are tiny/raw");
    }

    private async Task<CheckedOut> CheckOutAsync(string word, string? place = null, bool force = false)
    {
        var version = await bench.Versions.ResolveAsync(word, CancellationToken.None);
        return await stage.Get<DatasetCheckout>().RunAsync(version, await bench.Versions.ReadManifestAsync(version, CancellationToken.None), place, force, CancellationToken.None);
    }

    private async Task<VerificationReport> VerifyAsync() =>
        await stage.Get<DatasetVerification>().RunAsync(await bench.Versions.ListAsync(null, CancellationToken.None), CancellationToken.None);
}
