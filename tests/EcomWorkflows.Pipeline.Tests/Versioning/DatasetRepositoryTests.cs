using System.Diagnostics;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Versioning;

/// <summary>A repository in which people work too, or in which something was killed.</summary>
public sealed class DatasetRepositoryTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private static readonly TimeSpan Patience = TimeSpan.FromSeconds(60);

    private StageBench stage = null!;

    private DatasetBench bench = null!;

    public async Task InitializeAsync()
    {
        stage = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        bench = new DatasetBench(stage);
        await bench.PublishAsync(1, "tiny/raw", ("a.csv", "1\n"));
    }

    public async Task DisposeAsync() => await stage.DisposeAsync();

    [Fact]
    public async Task A_working_file_somebody_edited_stays_and_one_that_is_only_behind_is_brought_up_to_date()
    {
        await bench.PublishAsync(1, "tiny/more", ("b.csv", "1\n"));
        var behind = bench.Read("tiny/more.dvc");
        await bench.PublishAsync(2, "tiny/more", ("b.csv", "2\n"));
        await File.WriteAllTextAsync(Path.Combine(bench.Repository, "tiny/more.dvc"), behind);
        await File.AppendAllTextAsync(Path.Combine(bench.Repository, "tiny/raw.dvc"), "desc: mine\n");
        await File.WriteAllTextAsync(Path.Combine(bench.Repository, "notes.txt"), "mine too");

        await bench.PublishAsync(3, "tiny/raw", ("a.csv", "3\n"));

        bench.Read("tiny/raw.dvc").ShouldEndWith("desc: mine\n");
        bench.Read("notes.txt").ShouldBe("mine too");
        bench.Read("tiny/more.dvc").ShouldNotBe(behind);
        bench.Git("show", "main:tiny/raw.dvc").ShouldNotContain("mine");
        (await stage.Get<DatasetPublisher>().CheckOutAsync(CancellationToken.None)).ShouldBe(["tiny/raw.dvc"]);
    }

    [Fact]
    public async Task A_repository_that_shows_another_commit_is_left_showing_it()
    {
        bench.Git("checkout", "--quiet", "tiny-raw/v1");
        var shown = bench.Read("tiny/raw.dvc");

        await bench.PublishAsync(2, "tiny/raw", ("a.csv", "2\n"));

        bench.Read("tiny/raw.dvc").ShouldBe(shown);
        bench.Git("tag").ShouldBe("tiny-raw/v1\ntiny-raw/v2");
    }

    [Fact]
    public async Task A_lock_file_that_a_killed_git_left_does_not_block_the_next_version()
    {
        foreach (var held in new[] { ".git/refs/heads/main.lock", ".git/index.lock" })
        {
            await File.WriteAllTextAsync(Path.Combine(bench.Repository, held), "");
            File.SetLastWriteTimeUtc(Path.Combine(bench.Repository, held), stage.Time.GetUtcNow().UtcDateTime.AddMinutes(-1));
        }

        await bench.PublishAsync(2, "tiny/raw", ("a.csv", "2\n"));

        bench.Git("tag").ShouldBe("tiny-raw/v1\ntiny-raw/v2");
        bench.Git("status", "--porcelain").ShouldBe("");
    }

    [SmallDiskFact]
    public async Task A_repository_that_cannot_be_written_to_shows_what_it_has_and_is_named_with_what_to_do_about_it()
    {
        using var disk = new SmallDisk(1);
        MoveTo(disk);
        await bench.SqlAsync("delete from versioning.run_dataset; delete from versioning.dataset_version");
        disk.Close();

        await stage.Get<ManualDatasets>().CompleteAsync(CancellationToken.None).WaitAsync(Patience);
        var refused = await Should.ThrowAsync<ClosedRepositoryException>(() => bench.PublishAsync(2, "tiny/raw", ("a.csv", "2\n")).WaitAsync(Patience));

        refused.Retryable.ShouldBeFalse();
        refused.Cause.ShouldBe(FailureCause.Dependency);
        refused.Message.ShouldStartWith($"The dataset repository {bench.Repository} must be writable for the user '{Environment.UserName}', who runs this program, and is not (Read-only file system");
        refused.Message.ShouldContain($"chown -R {Environment.UserName} {bench.Repository}");
        refused.Message.ShouldContain("set ECOM_HOME to a folder");
        (await bench.Versions.ListAsync(null, CancellationToken.None)).ShouldHaveSingleItem().Tag.ShouldBe("tiny-raw/v1");
    }

    [SmallDiskFact]
    public async Task What_git_may_not_write_and_a_repository_that_cannot_be_made_are_told_in_the_same_way()
    {
        using var disk = new SmallDisk(1);
        MoveTo(disk);
        disk.Close();
        var missing = Path.Combine(disk.Folder, "deep", "data-versions");

        var git = new GitRepository(bench.Repository, TimeProvider.System);
        var writing = await Should.ThrowAsync<ClosedRepositoryException>(() => git.RunAsync(["hash-object", "-w", "--stdin"], CancellationToken.None, input: "text"));
        var making = await Should.ThrowAsync<ClosedRepositoryException>(() => RepositoryLock.TakeAsync(missing, TimeProvider.System, CancellationToken.None));
        var readying = await Should.ThrowAsync<ClosedRepositoryException>(() => new DatasetRepository(git, stage.Options.CacheFolder, TimeProvider.System).EnsureAsync(CancellationToken.None));

        writing.Message.ShouldMatch($"^The dataset repository {bench.Repository} must be writable for .+ and is not \\(error: unable to create temporary file: Read-only file system\\)\\. ");
        making.Message.ShouldContain($"mkdir -p {missing} && chown {Environment.UserName} {missing}");
        readying.Message.ShouldContain("Read-only file system");
        ClosedFolder.FindReason("error: insufficient permission for adding an object to repository database .git/objects\nfatal: failed").ShouldNotBeNull();
        ClosedFolder.FindReason("fatal: bad object HEAD").ShouldBeNull();
    }

    [Fact]
    public async Task A_damaged_repository_never_makes_git_answer_for_the_one_around_it()
    {
        // The home stands for the project's repository.
        bench.Git("init", "--quiet", stage.Options.Home);
        Directory.Move(Path.Combine(bench.Repository, ".git", "objects"), Path.Combine(bench.Repository, ".git", "gone"));

        var refused = await Should.ThrowAsync<GitException>(() => bench.PublishAsync(2, "tiny/raw", ("a.csv", "2\n")));

        refused.Message.ShouldContain("not a git repository");
    }

    [Fact]
    public async Task A_manifest_somebody_broke_and_committed_is_named()
    {
        await File.WriteAllTextAsync(Path.Combine(bench.Repository, "tiny/raw.json"), "{");
        bench.Git("-c", "user.name=ana", "-c", "user.email=ana@localhost", "commit", "--quiet", "-am", "broken");

        var refused = await Should.ThrowAsync<DatasetStoreException>(() => bench.PublishAsync(2, "tiny/raw", ("a.csv", "2\n")));

        refused.Message.ShouldContain("tiny/raw.json in the dataset repository is no manifest");
    }

    [Fact]
    public async Task A_crash_that_left_two_datasets_without_tags_is_completed_for_both_before_anything_new()
    {
        await bench.PublishAsync(1, "tiny/more", ("b.csv", "1\n"));
        bench.Git("tag", "-d", "tiny-raw/v1", "tiny-more/v1");

        await bench.PublishAsync(2, "tiny/raw", ("a.csv", "2\n"));

        bench.Git("tag").ShouldBe("tiny-more/v1\ntiny-raw/v1\ntiny-raw/v2");
        bench.Git("cat-file", "-t", "refs/tags/tiny-raw/v1").ShouldBe("tag");
        (await bench.Versions.ListAsync(null, CancellationToken.None)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_version_of_files_has_statistics_of_every_column_and_the_words_of_who_made_it()
    {
        await bench.AddTablesAsync("mine/rows", ("part-1.parquet", "select range as id, case when range < 5 then range * 1.5 end as value, 'x' || (range % 2) as kind, [range] as list from range(10)"));

        var manifest = await bench.Versions.ReadManifestAsync(await bench.Versions.ResolveAsync("mine/rows", CancellationToken.None), CancellationToken.None);

        manifest.CreatedBy.Person.ShouldBe("cli:ana");
        manifest.Rows.ShouldBe(10);
        var table = manifest.Tables.ShouldHaveSingleItem();
        table.Columns.Select(c => (c.Name, c.Type)).ShouldBe([("id", "BIGINT"), ("value", "DECIMAL(21,1)"), ("kind", "VARCHAR"), ("list", "BIGINT[]")]);
        table.Columns[0].Statistics.ShouldBe(new ColumnStatistics(0, 10, "0", "9", 4.5, Math.Sqrt(8.25)));
        table.Columns[1].Statistics!.NullRate.ShouldBe(0.5);
        table.Columns[1].Statistics!.Mean.ShouldBe(3.0);
        table.Columns[2].Statistics.ShouldBe(new ColumnStatistics(0, 2, "x0", "x1", null, null));
        table.Columns[3].Statistics!.Min.ShouldBeNull();
    }

    /// <summary>The repository lies on that disk from now on, at the same place.</summary>
    private void MoveTo(SmallDisk disk)
    {
        using (var copy = Process.Start("cp", ["-a", $"{bench.Repository}/.", disk.Folder]))
            copy.WaitForExit();
        Directory.Delete(bench.Repository, recursive: true);
        Directory.CreateSymbolicLink(bench.Repository, disk.Folder);
    }
}
