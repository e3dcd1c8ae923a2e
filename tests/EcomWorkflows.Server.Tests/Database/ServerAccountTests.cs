using System.Diagnostics;
using EcomWorkflows.Server.Database;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Database;

public class ServerAccountTests
{
    private static readonly string[] Query = ["psql", "-Atc", "select 1"];

    [RootFact]
    public async Task For_root_the_server_runs_as_an_unprivileged_account()
    {
        using var home = new TemporaryHome();
        using var program = await DatabaseProgram.EnterAsync(home.Path);

        var account = Libc.FindAccount(home.Layout.Account)!.Value;
        File.ReadLines($"/proc/{home.ServerProcessId}/status").ShouldContain(line => line.StartsWith($"Uid:\t{account.User}\t"));
        account.User.ShouldNotBe(0u);
        await program.LeaveAsync();
    }

    [RootFact]
    public async Task A_normal_user_runs_the_server_directly()
    {
        using var home = new TemporaryHome().OwnedBy(RootFactAttribute.User);

        var run = await DatabaseProgram.RunAsync(home.Path, Query, RootFactAttribute.User);
        run.ExitCode.ShouldBe(0, run.Errors);
        run.Errors.ShouldBeEmpty();
        home.Layout.Account.ShouldBe(RootFactAttribute.User);
    }

    [RootFact]
    public async Task Root_can_use_the_cluster_a_normal_user_has_made_and_leaves_it_usable()
    {
        using var home = new TemporaryHome().OwnedBy(RootFactAttribute.User);
        foreach (var user in new[] { RootFactAttribute.User, null, RootFactAttribute.User })
        {
            var run = await DatabaseProgram.RunAsync(home.Path, Query, user);
            run.ExitCode.ShouldBe(0, run.Errors);
        }
    }

    [RootFact]
    public async Task A_home_closed_to_the_account_gets_its_cluster_elsewhere_and_says_so_every_time()
    {
        using var home = new TemporaryHome().Closed();
        for (var time = 0; time < 2; time++)
        {
            var run = await DatabaseProgram.RunAsync(home.Path, Query);
            run.ExitCode.ShouldBe(0, run.Errors);
            run.Errors.ShouldContain($"The database cluster is in {home.Layout.Folder}");
        }

        home.Layout.Folder.ShouldNotStartWith(home.Path);
    }

    [RootFact]
    public async Task A_home_of_somebody_else_is_refused_with_the_cure()
    {
        using var home = new TemporaryHome();

        var run = await DatabaseProgram.RunAsync(home.Path, Query, RootFactAttribute.User);
        run.ExitCode.ShouldBe(3);
        run.Errors.ShouldContain(home.Path);
        run.Errors.ShouldContain("Set ECOM_HOME");
    }

    [Fact]
    public async Task Missing_server_programs_are_named_with_the_command_that_installs_them()
    {
        using var home = new TemporaryHome();

        var run = await DatabaseProgram.RunAsync(home.Path, Query, null, ("ECOM_POSTGRES_BIN", home.Path));
        run.ExitCode.ShouldBe(3);
        run.Errors.ShouldContain("apt-get install postgresql");
    }

    [MountFact]
    public async Task A_full_disk_is_named_with_the_cure()
    {
        using var home = new TemporaryHome();
        Run("mount", "-t", "tmpfs", "-o", "size=20m,mode=755", "tmpfs", home.Path);
        try
        {
            var run = await DatabaseProgram.RunAsync(home.Path, Query);
            run.ExitCode.ShouldBe(3);
            run.Errors.ShouldContain("The disk is full");
            run.Errors.ShouldContain(home.Postgres);
        }
        finally
        {
            Run("umount", home.Path);
        }
    }

    private static void Run(string program, params string[] arguments)
    {
        using var process = Process.Start(program, arguments);
        process.WaitForExit();
        process.ExitCode.ShouldBe(0, $"{program} {string.Join(' ', arguments)}");
    }

    [AttributeUsage(AttributeTargets.Method)]
    private sealed class MountFactAttribute : FactAttribute
    {
        public MountFactAttribute()
        {
            using var trial = Process.Start(new ProcessStartInfo("unshare", ["--mount", "true"]) { RedirectStandardError = true })!;
            trial.WaitForExit();
            if (trial.ExitCode != 0)
                Skip = "needs the right to mount a small file system";
        }
    }
}
