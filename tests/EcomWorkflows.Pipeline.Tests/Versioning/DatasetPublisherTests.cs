using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Versioning;

public sealed class DatasetPublisherTests(PostgresFixture postgres) : DatasetRepositoryBench(postgres)
{
    private static readonly (string, string) FileA = ("a.csv", "1\n2\n");

    private static readonly (string, string) FileB = ("sub/b.csv", "3\n");

    [Fact]
    public async Task The_first_version_is_a_commit_with_an_annotated_tag_a_DVC_pointer_and_a_manifest()
    {
        await Bench.PublishAsync(1, "tiny/raw", FileA, FileB);

        Bench.Git("tag").ShouldBe("tiny-raw/v1");
        Bench.Git("cat-file", "-t", "refs/tags/tiny-raw/v1").ShouldBe("tag");
        Bench.Git("status", "--porcelain").ShouldBe("");
        // python3 -c "import hashlib,json; m=lambda b: hashlib.md5(b).hexdigest();
        //   l=json.dumps([{'md5': m(b'1\n2\n'), 'relpath': 'a.csv'}, {'md5': m(b'3\n'), 'relpath': 'sub/b.csv'}], sort_keys=True); print(l, m(l.encode()))"
        const string Md5 = "827cd6a746742c4c1840c53de022be99";
        Bench.Read("tiny/raw.dvc").ShouldBe($"outs:\n- md5: {Md5}.dir\n  size: 6\n  nfiles: 2\n  hash: md5\n  path: raw\n");
        File.ReadAllText(Cached(Md5 + ".dir")).ShouldBe("""[{"md5": "6ddb4095eb719e2a9f0a3f95677d24e0", "relpath": "a.csv"}, {"md5": "6d7fce9fee471194aa8b5b6e47267f03", "relpath": "sub/b.csv"}]""");
        File.ReadAllText(Cached("6ddb4095eb719e2a9f0a3f95677d24e0")).ShouldBe("1\n2\n");
        (File.GetUnixFileMode(Cached("6ddb4095eb719e2a9f0a3f95677d24e0")) & (UnixFileMode.UserWrite | UnixFileMode.GroupWrite | UnixFileMode.OtherWrite)).ShouldBe(UnixFileMode.None);
        var manifest = JsonNode.Parse(Bench.Git("show", "tiny-raw/v1:tiny/raw.json"))!;
        ((string?)manifest["tag"]).ShouldBe("tiny-raw/v1");
        ((int?)manifest["rows"]).ShouldBe(3);
        ((string?)manifest["created_by"]!["run"]).ShouldBe("manual__1");
        ((string?)manifest["validation"]![0]!["outcome"]).ShouldBe("passed");
        ((string?)manifest["change_note"]).ShouldBe("First version: 3 rows in 2 files.");
        Bench.Read("tiny/.gitignore").ShouldBe("/raw\n");
        Bench.Read("CHANGELOG.md").ShouldStartWith("# Dataset versions\n\n## tiny-raw/v1 (2026-03-01 06:00:00 UTC)\n\n- First version");
    }

    [Fact]
    public async Task The_same_content_gets_no_new_version_but_the_run_knows_which_it_worked_with()
    {
        await Bench.PublishAsync(1, "tiny/raw", FileA);

        var again = await Bench.PublishAsync(2, "tiny/raw", FileA);

        again.Single().IsNew.ShouldBeFalse();
        Bench.Git("rev-list", "--count", "main").ShouldBe("1");
        var version = await Bench.Versions.FindForRunAsync(2, "tiny/raw", CancellationToken.None);
        version!.Tag.ShouldBe("tiny-raw/v1");
        version.RunId.ShouldBe(1);
        version.CommitSha.ShouldBe(Bench.Git("rev-parse", "tiny-raw/v1^{commit}"));
    }

    [Fact]
    public async Task Changed_content_gets_the_next_version_with_what_changed()
    {
        await Bench.PublishAsync(1, "tiny/raw", FileA, FileB);

        await Bench.PublishAsync(2, "tiny/raw", FileA, ("sub/b.csv", "3\n4\n"), ("c.csv", "5\n"));

        var latest = await Bench.Versions.LatestAsync("tiny/raw", CancellationToken.None);
        latest!.Tag.ShouldBe("tiny-raw/v2");
        latest.ParentTag.ShouldBe("tiny-raw/v1");
        latest.ChangeNote.ShouldBe("+2 rows (5 now); files: 1 added, 1 changed, 0 removed; schema unchanged.");
        Bench.Git("log", "--format=%s", "main").ShouldBe($"tiny-raw/v2: {latest.ChangeNote}\ntiny-raw/v1: First version: 3 rows in 2 files.");
        (await Bench.Versions.ListAsync(null, CancellationToken.None)).Count.ShouldBe(2);
    }

    [Fact]
    public async Task A_fenced_attempt_leaves_no_commit_and_no_tag()
    {
        await Bench.PublishAsync(1, "tiny/raw", FileA);
        Stage.Fate = PublishFate.Fenced;

        await Should.ThrowAsync<AttemptFencedException>(() => Bench.PublishAsync(2, "tiny/raw", FileB));

        Bench.Git("tag").ShouldBe("tiny-raw/v1");
        Bench.Git("rev-list", "--count", "--all").ShouldBe("1");
        (await Bench.Versions.ListAsync(null, CancellationToken.None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task A_crash_between_the_references_and_the_database_is_completed_by_the_next_run()
    {
        Stage.Fate = PublishFate.CrashBeforeCommit;
        await Should.ThrowAsync<OperationCanceledException>(() => Bench.PublishAsync(1, "tiny/raw", FileA));
        (await Bench.Versions.ListAsync(null, CancellationToken.None)).ShouldBeEmpty();
        Stage.Fate = PublishFate.Commit;

        await Bench.PublishAsync(1, "tiny/raw", FileA);

        Bench.Git("tag").ShouldBe("tiny-raw/v1");
        Bench.Git("rev-list", "--count", "main").ShouldBe("1");
        (await Bench.Versions.FindForRunAsync(1, "tiny/raw", CancellationToken.None))!.Tag.ShouldBe("tiny-raw/v1");
    }

    [Fact]
    public async Task A_crash_between_branch_and_tag_is_completed_by_the_next_run()
    {
        await Bench.PublishAsync(1, "tiny/raw", FileA);
        Bench.Git("tag", "-d", "tiny-raw/v1");

        await Bench.PublishAsync(2, "tiny/raw", FileA);

        Bench.Git("tag").ShouldBe("tiny-raw/v1");
        Bench.Git("rev-parse", "tiny-raw/v1^{commit}").ShouldBe(Bench.Git("rev-parse", "main"));
    }

    [Fact]
    public async Task A_tag_the_branch_had_not_reached_is_kept_and_not_numbered_again()
    {
        await Bench.PublishAsync(1, "tiny/raw", FileA);
        await Bench.PublishAsync(2, "tiny/raw", FileB);
        Bench.Git("update-ref", "refs/heads/main", Bench.Git("rev-parse", "tiny-raw/v1^{commit}"));

        var again = await Bench.PublishAsync(3, "tiny/raw", FileB);

        again.Single().IsNew.ShouldBeFalse();
        Bench.Git("rev-parse", "main").ShouldBe(Bench.Git("rev-parse", "tiny-raw/v2^{commit}"));
    }

    [Fact]
    public async Task A_new_database_finds_the_versions_that_are_in_the_repository()
    {
        await Bench.PublishAsync(1, "tiny/raw", FileA);
        await Bench.PublishAsync(2, "tiny/raw", FileB);
        await using var command = Stage.Get<Npgsql.NpgsqlDataSource>().CreateCommand("truncate versioning.dataset_version cascade");
        await command.ExecuteNonQueryAsync();

        await Bench.PublishAsync(3, "tiny/raw", FileB);

        (await Bench.Versions.ListAsync("tiny/raw", CancellationToken.None)).Select(v => v.Tag).ShouldBe(["tiny-raw/v1", "tiny-raw/v2"], ignoreOrder: true);
    }

    [Fact]
    public async Task Runs_at_the_same_time_wait_for_each_other_and_all_get_their_version()
    {
        await Task.WhenAll(Enumerable.Range(1, 4).Select(run => Bench.PublishAsync(run, $"tiny/set{run}", ("a.csv", $"{run}\n"))));

        Bench.Git("tag").Split('\n').ShouldBe(["tiny-set1/v1", "tiny-set2/v1", "tiny-set3/v1", "tiny-set4/v1"]);
        Bench.Git("rev-list", "--count", "main").ShouldBe("4");
        Bench.Git("fsck", "--strict").ShouldBe("");
    }

    private string Cached(string md5) => Path.Combine(Stage.Options.CacheFolder, "files", "md5", md5[..2], md5[2..]);
}
