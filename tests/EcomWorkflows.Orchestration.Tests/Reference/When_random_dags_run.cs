using System.Diagnostics;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Testing;
using Xunit;
using Xunit.Abstractions;

namespace EcomWorkflows.Orchestration.Tests.Reference;

/// <summary>Random DAGs through the real storage and through the reference interpreter: every final state must be the same.</summary>
public sealed class When_random_dags_run(PostgresFixture postgres, ITestOutputHelper output) : IClassFixture<PostgresFixture>
{
    private const int RunsAtOnce = 40;

    private static readonly bool IsLong = Environment.GetEnvironmentVariable("ECOM_LONG_TESTS") is { Length: > 0 };

    /// <summary>No further batch is begun after this, so that a busy machine does fewer; a long test run does all.</summary>
    private static readonly TimeSpan Limit = IsLong ? TimeSpan.FromHours(12) : TimeSpan.FromSeconds(180);

    /// <summary>Batches per test run; ECOM_LONG_TESTS multiplies them, by 10 or by the number it holds.</summary>
    private static readonly int Batches = Number("ECOM_RANDOM_BATCHES", 150)
        * (IsLong ? Math.Max(10, Number("ECOM_LONG_TESTS", 10)) : 1);

    /// <summary>The first seed; ECOM_SEED repeats a run.</summary>
    private static readonly int FirstSeed = Number("ECOM_SEED", 1);

    [Fact]
    public async Task The_storage_and_the_reference_interpreter_agree_on_every_state()
    {
        await new Migrator(postgres.DataSource, [new MigrationSet("orchestration", typeof(Migrator).Assembly, "EcomWorkflows.Orchestration.Storage.Migrations.", Order: 0)]).ApplyAsync(CancellationToken.None);
        await using var database = OrchestrationDatabase.Open($"{postgres.ConnectionString};Include Error Detail=true");
        var (done, started) = (0, Stopwatch.StartNew());
        for (var batch = 0; batch < Batches && started.Elapsed < Limit; batch++, done++)
        {
            var runs = new RandomRuns(database, FirstSeed + batch);
            try
            {
                await runs.RunAsync(RunsAtOnce, largest: 200);
            }
            catch (Exception)
            {
                output.WriteLine($"Repeat with ECOM_SEED={FirstSeed + batch}");
                throw;
            }
        }
        output.WriteLine($"{done * RunsAtOnce} runs agree.");
    }

    private static int Number(string variable, int otherwise) => int.TryParse(Environment.GetEnvironmentVariable(variable), out var number) ? number : otherwise;
}
