using Dapper;
using EcomWorkflows.Orchestration.Listening;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Testing;
using Microsoft.Extensions.Logging.Abstractions;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Execution;

public sealed class When_notifications_are_interrupted(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private static readonly TimeSpan Patience = TimeSpan.FromMinutes(1);

    private static readonly OutageLog Outages = new(TimeProvider.System, NullLogger<OutageLog>.Instance);

    [Fact]
    public async Task Who_listened_is_told_at_once_and_not_when_the_next_connection_stands()
    {
        using var stop = new CancellationTokenSource();
        var (heard, listens, deaf) = (new TaskCompletionSource<string>(), new TaskCompletionSource(), new TaskCompletionSource());
        await using var database = OrchestrationDatabase.Open(postgres.ConnectionString);
        // The wait before the next connection never ends.
        var running = new NotificationListening(database, Outages, new StandingTime()).RunAsync(
            ["test_channel"], notification => heard.TrySetResult(notification.Payload), () => listens.TrySetResult(), () => deaf.TrySetResult(), "the test goes on", stop.Token);
        await listens.Task.WaitAsync(Patience);
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync("notify test_channel, 'hello'");
        (await heard.Task.WaitAsync(Patience)).ShouldBe("hello");
        deaf.Task.IsCompleted.ShouldBeFalse();

        await connection.ExecuteAsync("select pg_terminate_backend(pid) from pg_stat_activity where datname = current_database() and query = 'listen test_channel'");

        await deaf.Task.WaitAsync(Patience);
        await stop.CancelAsync();
        await running.WaitAsync(Patience);
    }

    [Fact]
    public async Task Its_connection_goes_back_to_the_pool_without_listening_any_more()
    {
        using var stop = new CancellationTokenSource();
        var listens = new TaskCompletionSource();
        await using var database = OrchestrationDatabase.Open(postgres.ConnectionString);
        var running = new NotificationListening(database, Outages, TimeProvider.System).RunAsync(
            ["test_channel"], _ => { }, () => listens.TrySetResult(), () => { }, "the test goes on", stop.Token);
        await listens.Task.WaitAsync(Patience);
        await stop.CancelAsync();
        await running.WaitAsync(Patience);

        await using NpgsqlConnection next = await database.OpenConnectionAsync();

        (await next.ExecuteScalarAsync<long>("select count(*) from pg_listening_channels()")).ShouldBe(0);
    }

    private sealed class StandingTime : TimeProvider
    {
        public override ITimer CreateTimer(TimerCallback callback, object? state, TimeSpan dueTime, TimeSpan period) =>
            base.CreateTimer(callback, state, Timeout.InfiniteTimeSpan, Timeout.InfiniteTimeSpan);
    }
}
