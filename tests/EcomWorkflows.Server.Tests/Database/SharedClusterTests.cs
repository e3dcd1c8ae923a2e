using EcomWorkflows.Server.Database;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Database;

/// <summary>What real programs on one home do to each other, killed ones included.</summary>
public class SharedClusterTests
{
    [Fact]
    public async Task Two_programs_share_one_server_and_the_last_one_out_stops_it()
    {
        using var home = new TemporaryHome();
        using var first = await DatabaseProgram.EnterAsync(home.Path);
        var server = home.ServerProcessId;
        using var second = await DatabaseProgram.EnterAsync(home.Path);
        home.ServerProcessId.ShouldBe(server);

        (await first.LeaveAsync()).ShouldBe(0);
        home.ServerProcessId.ShouldBe(server);
        (await second.LeaveAsync()).ShouldBe(0);
        home.ServerProcessId.ShouldBeNull();
    }

    [Fact]
    public async Task Programs_that_start_at_the_same_moment_on_an_empty_home_end_up_with_one_cluster()
    {
        using var home = new TemporaryHome();
        var runs = await Task.WhenAll(Enumerable.Range(0, 4).Select(_ => DatabaseProgram.RunAsync(home.Path, ["psql", "-Atc", "select system_identifier from pg_control_system()"])));

        runs.ShouldAllBe(run => run.ExitCode == 0);
        runs.Select(run => run.Output).Distinct().Count().ShouldBe(1);
        home.ServerProcessId.ShouldBeNull();
    }

    [Fact]
    public async Task A_program_killed_beside_another_takes_nothing_with_it()
    {
        using var home = new TemporaryHome();
        using var killed = await DatabaseProgram.EnterAsync(home.Path);
        using var survivor = await DatabaseProgram.EnterAsync(home.Path);
        var server = home.ServerProcessId;

        await killed.KillAsync();
        home.ServerProcessId.ShouldBe(server);
        (await survivor.LeaveAsync()).ShouldBe(0);
        home.ServerProcessId.ShouldBeNull();
    }

    [Fact]
    public async Task The_server_of_a_killed_program_is_taken_over_and_stopped_by_the_next()
    {
        using var home = new TemporaryHome();
        using (var killed = await DatabaseProgram.EnterAsync(home.Path))
            await killed.KillAsync();
        var orphan = home.ServerProcessId;
        orphan.ShouldNotBeNull();

        var next = await DatabaseProgram.RunAsync(home.Path, ["psql", "-Atc", "select 1"]);
        next.ExitCode.ShouldBe(0, next.Errors);
        next.Errors.ShouldContain($"(process {orphan})");
        home.ServerProcessId.ShouldBeNull();
    }

    [Fact]
    public async Task After_a_kill_of_everything_the_next_start_recovers_what_was_committed()
    {
        using var home = new TemporaryHome();
        using (var killed = await DatabaseProgram.EnterAsync(home.Path))
        {
            var write = await DatabaseProgram.RunAsync(home.Path, ["psql", "-qc", "create table kept as select generate_series(1, 1000) as id"]);
            write.ExitCode.ShouldBe(0, write.Errors);
            foreach (var process in ServerProcesses(home.ServerProcessId!.Value))
                Libc.Signal(process, Libc.Kill);
            await killed.KillAsync();
        }

        var next = await DatabaseProgram.RunAsync(home.Path, ["psql", "-Atc", "select count(*) from kept"]);
        next.ExitCode.ShouldBe(0, next.Errors);
        next.Output.Trim().ShouldBe("1000");
    }

    [Fact]
    public async Task Ctrl_C_leaves_the_server_up_until_the_program_has_closed_its_work()
    {
        // The closing work of the program, here a query by its child, comes after the signal to the whole process group.
        // Tests started in the background begin with the signal ignored, and so would their children.
        const string Closing = """trap 'psql -Atc "select 6 * 7"; exit 0' INT; kill -INT 0; exit 1""";
        using var home = new TemporaryHome();

        var run = await DatabaseProgram.RunAsync(
            home.Path,
            ["setsid", "--wait", "env", "--default-signal=INT", "dotnet", DatabaseProgram.ProgramPath, "with-database", "--", "bash", "-c", Closing]);
        run.Output.Trim().ShouldBe("42", run.Errors);
    }

    /// <summary>The server and its children.</summary>
    private static IEnumerable<int> ServerProcesses(int postmaster) =>
        [postmaster, .. File.ReadAllText($"/proc/{postmaster}/task/{postmaster}/children").Split(' ', StringSplitOptions.RemoveEmptyEntries).Select(int.Parse)];
}
