using System.Net.Sockets;
using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tests.Execution;
using EcomWorkflows.Orchestration.Tests.Faults;
using EcomWorkflows.Testing;
using Microsoft.Extensions.DependencyInjection;
using Microsoft.Extensions.Logging;
using Npgsql;
using Quartz;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Outages;

/// <summary>What a person reads of it in the node's log.</summary>
public sealed class When_the_database_is_away(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    [Fact]
    public async Task A_node_says_once_that_it_is_lost_and_once_that_it_is_back()
    {
        var log = new KeptLog<OutageLog>();
        await using var proxy = new UnreliableProxy(postgres.ConnectionString);
        await using var node = await TestOrchestrator.CreateAsync(
            postgres, scheduler: true, database: proxy.ConnectionString, services: services => services.AddSingleton<ILogger<OutageLog>>(log));
        await node.StartAsync();
        await node.RunAsync(DagFactory.Make("a"));

        proxy.Become(NetworkState.Cut);
        await node.WaitUntilAsync(() => Task.FromResult(proxy.Refused >= 12), "the loops have tried, and tried again");
        proxy.Become(NetworkState.Good);
        await node.WaitUntilAsync(() => Task.FromResult(log.Lines.Count > 1), "the return is told");

        var run = await node.RunAsync(DagFactory.Make("a"));
        (await node.StatesAsync(run))["a"].ShouldBe("success");
        log.Lines.Count.ShouldBe(2, string.Join(Environment.NewLine, log.Lines));
        log.Lines[0].ShouldMatch("^The connection to the database is lost: .+ Running tasks go on, their outcomes and logs wait in memory, nothing new is started");
        log.Lines[1].ShouldMatch("^The database answers again; it was away for 00:0[0-9]:[0-9]{2}$");
    }

    [Fact]
    public async Task The_scheduler_says_no_more_of_it_than_the_loops_do()
    {
        var (read, quartz) = (new WholeLog(), new QuartzOwnLog());
        var log = new KeptLog<OutageLog>();
        await using var proxy = new UnreliableProxy(postgres.ConnectionString);
        await using var node = await TestOrchestrator.CreateAsync(postgres, scheduler: true, database: proxy.ConnectionString, services: services =>
        {
            services.AddSingleton<ILogger<OutageLog>>(log);
            services.AddSingleton<ILoggerProvider>(read);
            services.AddSingleton<ILoggerProvider>(quartz);
            services.AddLogging(logging => logging.AddFilter<QuartzOwnLog>("Quartz.Core", LogLevel.Error));
        });
        await node.StartAsync();
        await node.RunAsync(DagFactory.Make("a"));

        proxy.Become(NetworkState.Cut);
        await node.WaitUntilAsync(() => Task.FromResult(quartz.Lines.Any(line => line.StartsWith("Quartz.Core.ErrorLogger", StringComparison.Ordinal))), "Quartz has said that it cannot look for triggers");
        proxy.Become(NetworkState.Good);
        await node.WaitUntilAsync(() => Task.FromResult(log.Lines.Count > 1), "the return is told");
        (await node.StatesAsync(await node.RunAsync(DagFactory.Make("a"))))["a"].ShouldBe("success");

        log.Lines.Count.ShouldBe(2, string.Join(Environment.NewLine, log.Lines));
        read.Lines.Where(line => line.Contains("Quartz", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public async Task The_scheduler_that_starts_meanwhile_waits_for_it_instead_of_ending_the_program()
    {
        var log = new KeptLog<OutageLog>();
        await using var proxy = new UnreliableProxy(postgres.ConnectionString);
        await using var node = await TestOrchestrator.CreateAsync(
            postgres, scheduler: true, database: proxy.ConnectionString, services: services => services.AddSingleton<ILogger<OutageLog>>(log));
        await node.StartAsync();
        using var start = new SchedulingStart(node.Get<DagScheduler>(), node.Get<ClockComparison>(), node.Get<OutageLog>(), TimeProvider.System);

        proxy.Become(NetworkState.Cut);
        await start.StartAsync(CancellationToken.None);
        await node.WaitUntilAsync(() => Task.FromResult(log.Lines.Count > 0), "the loss is told");
        start.ExecuteTask!.IsCompleted.ShouldBeFalse();
        proxy.Become(NetworkState.Good);

        await start.ExecuteTask.WaitAsync(TimeSpan.FromSeconds(30));
        (await node.StatesAsync(await node.RunAsync(DagFactory.Make("a"))))["a"].ShouldBe("success");
    }

    [Fact]
    public void What_Quartz_fails_at_beside_that_is_told_with_its_exception()
    {
        var (outage, other) = (new KeptLog<OutageLog>(), new KeptLog<QuartzLog>());
        using var log = new QuartzLog(() => new OutageLog(TimeProvider.System, outage), () => other);
        var quartz = log.CreateLogger("Quartz.Core.ErrorLogger");

        quartz.LogError(new SchedulerException("no connection", new NpgsqlException("Failed to connect", new SocketException())), "An error occurred while scanning");
        quartz.LogError(new JobPersistenceException("no table", new PostgresException("relation \"x\" does not exist", "ERROR", "ERROR", "42P01")), "An error occurred while scanning");
        quartz.LogError("ThreadPool.TryRun() returned false");
        log.CreateLogger("EcomWorkflows.Other").LogError("not Quartz's");

        outage.Lines.ShouldHaveSingleItem().ShouldStartWith("The connection to the database is lost: Failed to connect.");
        other.Lines.ShouldBe(["Quartz.Core.ErrorLogger: An error occurred while scanning", "Quartz.Core.ErrorLogger: ThreadPool.TryRun() returned false"]);
        other.Exceptions.ShouldHaveSingleItem().ShouldBeOfType<JobPersistenceException>();
    }

    [Fact]
    public void A_failure_that_is_not_the_database_s_is_the_loop_s_own()
    {
        var log = new KeptLog<OutageLog>();
        var outages = new OutageLog(TimeProvider.System, log);

        for (var i = 0; i < 3; i++)
        {
            outages.Failed("The sweep", new PostgresException("relation \"x\" does not exist", "ERROR", "ERROR", "42P01"));
            outages.Failed("The heartbeat", new NpgsqlException("Failed to connect"));
            outages.Failed("The claim of work", new PostgresException("the database system is starting up", "FATAL", "FATAL", "57P03"));
        }

        log.Lines.Count.ShouldBe(2, string.Join(Environment.NewLine, log.Lines));
        log.Lines[0].ShouldBe("The sweep failed and is tried again: 42P01: relation \"x\" does not exist");
        log.Lines[1].ShouldStartWith("The connection to the database is lost: Failed to connect.");
    }

    [Theory]
    [InlineData("57P01", true)]
    [InlineData("57P03", true)]
    [InlineData("53300", true)]
    [InlineData("08006", true)]
    [InlineData("57014", false)]
    [InlineData("40P01", false)]
    [InlineData("53100", false)]
    [InlineData("3D000", false)]
    public void A_database_that_answers_with_an_error_of_the_statement_is_there(string state, bool isAway) =>
        OrchestrationDatabase.IsAway(new PostgresException("", "ERROR", "ERROR", state)).ShouldBe(isAway);
}
