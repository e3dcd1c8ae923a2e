using EcomWorkflows.Server.Cli;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Cli.Datasets;

/// <summary>Real processes on one repository: many at a time, killed with SIGKILL at chosen points, on a full disk.</summary>
public sealed class When_programs_version_data_and_are_killed(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private DatasetProgram program = null!;

    public async Task InitializeAsync() => program = new DatasetProgram(await postgres.CreateDatabaseAsync());

    public Task DisposeAsync()
    {
        program.Dispose();
        return Task.CompletedTask;
    }

    [Fact]
    public async Task A_version_is_there_whole_or_not_at_all_wherever_the_program_was_killed()
    {
        await AddAsync("research/labels", program.Write("labels.csv", "id\n0\n"));
        (string Before, string After, bool Visible)[] points =
        [
            ("hash-object", "-", false),   // content is in the cache, nothing else
            ("commit-tree", "-", false),   // the tree is written
            ("-", "mktag", false),         // commit and tag exist as objects nobody refers to
            ("-", "update-ref", true),     // branch and tag have moved, the index does not know
            ("diff", "-", true),           // the index knows, the working files are behind
        ];
        foreach (var (number, point) in points.Index())
        {
            var file = program.Write("labels.csv", $"id\n{number + 1}\n");
            var tag = $"research-labels/v{number + 2}";

            (await program.RunAsync(["datasets", "add", "research/labels", file], point.Before, point.After)).ExitCode.ShouldBe(137, $"{point}");

            var tags = (await program.GitAsync("tag")).Split('\n');
            tags.Contains(tag).ShouldBe(point.Visible, $"{point}");
            (await program.GitAsync("rev-parse", "main")).ShouldBe(await program.GitAsync("rev-parse", $"research-labels/v{tags.Length}^{{commit}}"), $"{point}");
            (await AddAsync("research/labels", file)).ShouldStartWith(tag, customMessage: $"{point}");
        }
        (await program.GitAsync("tag")).Split('\n').Length.ShouldBe(points.Length + 1);
        (await program.GitAsync("status", "--porcelain")).ShouldBe("");
        var verified = await program.RunAsync(["datasets", "verify"]);
        verified.ExitCode.ShouldBe(ExitCode.Done, verified.Output);
        verified.Output.ShouldContain("6 version(s), 6 contents");
    }

    [Fact]
    public async Task Programs_at_the_same_time_wait_for_each_other_and_lose_nothing()
    {
        var added = await Task.WhenAll(Enumerable.Range(1, 4).Select(async number =>
            (await program.RunAsync(["datasets", "add", number % 2 == 0 ? "research/even" : $"research/odd{number}", program.Write($"{number}.csv", $"id\n{number}\n")])).ExitCode));

        added.ShouldAllBe(code => code == ExitCode.Done);
        (await program.GitAsync("tag")).ShouldBe("research-even/v1\nresearch-even/v2\nresearch-odd1/v1\nresearch-odd3/v1");
        (await program.GitAsync("rev-list", "--count", "main")).ShouldBe("4");
        (await program.GitAsync("fsck", "--strict")).ShouldBe("");
        (await program.RunAsync(["datasets", "verify"])).ExitCode.ShouldBe(ExitCode.Done);
    }

    [Fact]
    public async Task The_exit_code_tells_a_wrong_name_from_damage_and_from_a_missing_program()
    {
        var file = program.Write("labels.csv", "id\n0\n");
        (await program.RunAsync(["datasets", "verify"])).ExitCode.ShouldBe(ExitCode.Failed, "there is no repository");
        await AddAsync("research/labels", file);
        (await program.RunAsync(["datasets", "show", "research/none"])).ExitCode.ShouldBe(ExitCode.Usage);
        (await program.RunAsync(["datasets", "add", "No Name", file])).ExitCode.ShouldBe(ExitCode.Usage);
        Directory.Delete(Path.Combine(program.Home, "cache"), recursive: true);
        var damaged = await program.RunAsync(["datasets", "verify"]);
        damaged.ExitCode.ShouldBe(ExitCode.Failed);
        damaged.Output.ShouldContain("missing");
        damaged.Output.ShouldContain("./ecom datasets pull");
    }

    [MountFact]
    public async Task A_full_disk_is_said_with_what_is_needed_and_leaves_nothing_behind()
    {
        var file = program.Write("large.csv", new string('x', 1 << 20));
        Directory.CreateDirectory(Path.Combine(program.Home, "cache"));
        const string OnASmallDisk = "mount -t tmpfs -o size=256k tmpfs \"$ECOM_HOME/cache\" && dotnet \"$0\" datasets add research/large \"$1\"; code=$?; find \"$ECOM_HOME/cache\" -type f; exit $code";

        var (code, output, errors) = await program.RunAsync("unshare", ["-m", "sh", "-c", OnASmallDisk, DatasetProgram.Assembly, file]);

        code.ShouldBe(ExitCode.Environment, errors);
        errors.ShouldContain("is full: 1,048,576 bytes more are needed");
        output.ShouldBe("", "no half file is left in the cache");
        Directory.Exists(Path.Combine(program.Repository, ".git", "refs", "tags", "research-large")).ShouldBeFalse();
    }

    private async Task<string> AddAsync(string dataset, string file)
    {
        var (code, output, errors) = await program.RunAsync(["datasets", "add", dataset, file]);
        code.ShouldBe(ExitCode.Done, errors);
        return output;
    }
}
