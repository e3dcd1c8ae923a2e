using Dapper;
using Microsoft.Extensions.Logging;
using Npgsql;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Looks at the database's clock from time to time, so that <see cref="DatabaseTime"/> follows it, and says so where the machine's own is wrong. Under another clock it does nothing.</summary>
internal sealed class ClockComparison(NpgsqlDataSource database, TimeProvider time, ILogger<ClockComparison> logger)
{
    /// <summary>A difference from which on a person should know.</summary>
    private static readonly TimeSpan Notable = TimeSpan.FromSeconds(1);

    private TimeSpan told;

    public async Task CompareAsync(CancellationToken cancellationToken)
    {
        if (time is not DatabaseTime following)
            return;
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        var asked = time.GetUtcNow();
        var answer = await connection.ExecuteScalarAsync<DateTime>(new CommandDefinition("select clock_timestamp()", cancellationToken: cancellationToken));
        following.Follow(asked, new DateTimeOffset(answer), time.GetUtcNow());
        if ((following.Offset - told).Duration() < Notable)
            return;
        told = following.Offset;
        logger.LogWarning(
            "This machine's clock is {Difference} {Direction} the database's; schedules, retries and leases go by the database's. Set the clock, or let NTP do it",
            told.Duration(), told > TimeSpan.Zero ? "behind" : "ahead of");
    }
}
