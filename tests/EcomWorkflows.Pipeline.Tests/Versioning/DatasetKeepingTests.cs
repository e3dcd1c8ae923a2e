using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Pipeline.Versioning.Keeping;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Versioning;

/// <summary>Checking out, verifying and collecting garbage.</summary>
public sealed class DatasetKeepingTests(PostgresFixture postgres) : DatasetRepositoryBench(postgres)
{
    private static readonly (string, string) FileA = ("a.csv", "id\n1\n2\n");

    private static readonly (string, string) FileB = ("sub/b.csv", "id\n3\n");

    [Fact]
    public async Task Content_that_goes_while_the_cache_is_listed_is_no_failure()
    {
        var (file, _) = await Bench.StoreOnlyAsync("tiny/raw", FileA);
        var listed = new ContentCache(Stage.Options, TimeProvider.System).All().Single(content => content.File.FullName == file).File;
        File.Delete(file);

        listed.Length.ShouldBe(FileA.Item2.Length);
    }

    [Fact]
    public async Task What_DVC_checks_out_by_its_documentation_and_what_we_check_out_are_the_files_of_each_version()
    {
        await Bench.PublishAsync(1, "tiny/raw", FileA, FileB, ("Größe \"1\".csv", "x\n"));
        await Bench.AddAsync("mine/labels", ("labels.csv", "id,label\n1,yes\n"));
        await Bench.PublishAsync(2, "tiny/raw", ("a.csv", "id\n9\n"), FileB);

        DvcByTheBook.CheckOut(Bench.Repository);
        Bench.Read("tiny/raw/a.csv").ShouldBe("id\n9\n");
        Bench.Read("mine/labels.csv").ShouldBe("id,label\n1,yes\n");
        Bench.Git("status", "--porcelain").ShouldBe("");

        Bench.Git("checkout", "--quiet", "tiny-raw/v1");
        DvcByTheBook.CheckOut(Bench.Repository);
        Bench.Read("tiny/raw/a.csv").ShouldBe(FileA.Item2);
        Bench.Read("tiny/raw/Größe \"1\".csv").ShouldBe("x\n");
        Bench.Git("checkout", "--quiet", "main");

        var done = await CheckOutAsync("tiny-raw/v1");
        done.ShouldBe(new CheckedOut("tiny-raw/v1", Path.Combine(Bench.Repository, "tiny", "raw"), 3, 14));
        Bench.Read("tiny/raw/a.csv").ShouldBe(FileA.Item2);
        await CheckOutAsync("tiny/raw");
        Bench.Read("tiny/raw/a.csv").ShouldBe("id\n9\n");
        File.Exists(Path.Combine(Bench.Repository, "tiny/raw/Größe \"1\".csv")).ShouldBeFalse();
    }

    [Fact]
    public async Task Files_no_version_has_are_not_overwritten_unless_forced()
    {
        await Bench.PublishAsync(1, "tiny/raw", FileA);
        var place = Path.Combine(Stage.Options.Home, "out");
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
        await Bench.PublishAsync(1, "tiny/raw", FileA, FileB);
        await Bench.PublishAsync(2, "tiny/raw", FileA);
        (await VerifyAsync()).Problems.ShouldBeEmpty();
        var file = Bench.CachedFile(FileA.Item2);
        File.SetUnixFileMode(file, UnixFileMode.UserRead | UnixFileMode.UserWrite);
        var bytes = await File.ReadAllBytesAsync(file);
        bytes[^2] ^= 1;
        await File.WriteAllBytesAsync(file, bytes);

        var problem = (await VerifyAsync()).Problems.ShouldHaveSingleItem();

        problem.Kind.ShouldBe("damaged");
        problem.Place.ShouldBe(file);
        problem.Detail.ShouldStartWith("a.csv");
        problem.Tags.ShouldBe(["tiny-raw/v1", "tiny-raw/v2"]);
        var place = Path.Combine(Stage.Options.Home, "out");
        (await Should.ThrowAsync<DatasetStoreException>(() => CheckOutAsync("tiny-raw/v1", place))).Message.ShouldContain("is damaged");
        Directory.GetFileSystemEntries(Stage.Options.Home).Select(Path.GetFileName).ShouldNotContain(name => name!.Contains("out", StringComparison.Ordinal));
    }

    [Fact]
    public async Task Missing_content_a_changed_pointer_a_lost_tag_and_damaged_git_objects_are_found()
    {
        await Bench.PublishAsync(1, "tiny/raw", FileA, FileB);
        await Bench.PublishAsync(1, "tiny/more", FileB);
        File.Delete(Bench.CachedFile(FileA.Item2));
        Bench.Git("tag", "-d", "tiny-more/v1");
        await Bench.SqlAsync("update versioning.dataset_version set md5 = repeat('0', 32) || '.dir' where tag = 'tiny-raw/v1'");
        var blob = Bench.Git("rev-parse", "main:CHANGELOG.md");
        File.Delete(Path.Combine(Bench.Repository, ".git", "objects", blob[..2], blob[2..]));

        var problems = (await VerifyAsync()).Problems;

        problems.Select(p => (p.Kind, Path.GetFileName(p.Place))).ShouldBe(
            [("damaged", "data-versions"), ("missing", "more.dvc"), ("missing", Path.GetFileName(Bench.CachedFile(FileA.Item2))), ("missing", new string('0', 30) + ".dir"), ("different", "raw.dvc")],
            ignoreOrder: true);
        (await Should.ThrowAsync<DatasetStoreException>(() => CheckOutAsync("tiny-raw/v1"))).Message.ShouldContain("./ecom datasets pull tiny-raw/v1");
    }

    [Fact]
    public async Task Garbage_is_only_listed_unless_told_and_what_any_tag_needs_always_stays()
    {
        await Bench.PublishAsync(1, "tiny/raw", FileA, FileB);
        await Bench.PublishAsync(2, "tiny/raw", FileA);
        var orphan = await Bench.StoreOnlyAsync("tiny/raw", ("never-tagged.csv", "4\n"));
        var unfinished = Path.Combine(Stage.Options.CacheFolder, "files", "md5", "incoming.1.tmp");
        await File.WriteAllTextAsync(unfinished, "half");
        foreach (var file in Directory.GetFiles(Stage.Options.CacheFolder, "*", SearchOption.AllDirectories))
            File.SetLastWriteTimeUtc(file, Stage.Time.GetUtcNow().UtcDateTime.AddDays(-2));
        var young = await Bench.StoreOnlyAsync("tiny/raw", ("being-made.csv", "5\n"));
        var garbage = Stage.Get<DatasetGarbage>();

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
        await Bench.PublishAsync(1, "tiny/raw", FileA, FileB);
        var version = await Bench.Versions.ResolveAsync("tiny/raw", CancellationToken.None);
        File.Delete(Bench.Cached(version.Md5));
        var garbage = Stage.Get<DatasetGarbage>();

        // The manifest says what the lost list said.
        (await garbage.CollectAsync(TimeSpan.Zero, dryRun: false, CancellationToken.None)).Files.ShouldBeEmpty();
        File.Exists(Bench.CachedFile(FileB.Item2)).ShouldBeTrue();

        await Bench.SqlAsync("truncate versioning.dataset_version cascade");
        (await Should.ThrowAsync<DatasetStoreException>(() => garbage.CollectAsync(TimeSpan.Zero, dryRun: false, CancellationToken.None))).Message.ShouldContain("Nothing was removed");
        File.Exists(Bench.CachedFile(FileB.Item2)).ShouldBeTrue();
    }

    [Fact]
    public async Task Content_that_garbage_collection_took_before_it_was_tagged_is_noticed_and_not_tagged()
    {
        await Bench.PublishAsync(1, "tiny/raw", FileA);

        var lost = await Should.ThrowAsync<DatasetStoreException>(() => Bench.PublishAsync(2, "tiny/raw", () => File.Delete(Bench.CachedFile(FileB.Item2)), FileB));

        lost.Message.ShouldContain("Try again");
        Bench.Git("tag").ShouldBe("tiny-raw/v1");
    }

    [Fact]
    public async Task Without_a_repository_every_command_says_how_to_get_one()
    {
        var version = new DatasetVersion(1, "tiny/raw", 1, "tiny-raw/v1", "0", "0", "0", 1, 1, 1, "", null, "", Stage.Time.GetUtcNow(), 1, 1);

        foreach (var command in new Func<Task>[]
        {
            () => Stage.Get<DatasetVerification>().RunAsync([version], CancellationToken.None),
            () => Stage.Get<DatasetGarbage>().CollectAsync(TimeSpan.Zero, dryRun: true, CancellationToken.None),
        })
            (await Should.ThrowAsync<DatasetStoreException>(command)).Message.ShouldContain("is no git repository: there are no dataset versions yet");
        (await Should.ThrowAsync<NotFoundException>(() => Bench.Versions.ResolveAsync("tiny/raw", CancellationToken.None))).Message.ShouldContain("./ecom datasets add");
    }

    [Fact]
    public async Task A_version_that_does_not_exist_is_answered_with_those_that_do()
    {
        await Bench.PublishAsync(1, "tiny/raw", FileA);

        (await Should.ThrowAsync<NotFoundException>(() => Bench.Versions.ResolveAsync("tiny-raw/v9", CancellationToken.None))).Message.ShouldContain("tiny/raw has v1 to v1");
        (await Should.ThrowAsync<NotFoundException>(() => Bench.Versions.ResolveAsync("tiny/silver", CancellationToken.None))).Message.ShouldContain("there are tiny/raw");
    }

    private async Task<CheckedOut> CheckOutAsync(string word, string? place = null, bool force = false)
    {
        var version = await Bench.Versions.ResolveAsync(word, CancellationToken.None);
        return await Stage.Get<DatasetCheckout>().RunAsync(version, await Bench.Versions.ReadManifestAsync(version, CancellationToken.None), place, force, CancellationToken.None);
    }

    private async Task<VerificationReport> VerifyAsync() =>
        await Stage.Get<DatasetVerification>().RunAsync(await Bench.Versions.ListAsync(null, CancellationToken.None), CancellationToken.None);
}
