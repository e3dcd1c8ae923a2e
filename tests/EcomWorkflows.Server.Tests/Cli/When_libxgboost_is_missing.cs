using EcomWorkflows.Server.Tests.Cli.Datasets;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Cli;

/// <summary>The real program where the native library cannot be loaded: files of its names that are no libraries stand before the installed one.</summary>
public sealed class When_libxgboost_is_missing(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Cure = "apt-get install";

    [Fact]
    public async Task Doctor_says_so_with_the_cure_and_does_not_crash()
    {
        using var program = new DatasetProgram(await postgres.CreateDatabaseAsync());

        var (code, output, errors) = await RunAsync(program, "doctor");

        code.ShouldBe(3, errors);
        var finding = output.Split('\n').SkipWhile(line => !line.Contains("XGBoost in the program", StringComparison.Ordinal)).Take(2).ToArray();
        finding[0].ShouldStartWith("broken");
        finding[1].ShouldContain($"cure: sudo {Cure} -y libxgboost0");
        errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task Training_says_so_with_the_cure_before_it_begins()
    {
        var database = await postgres.CreateDatabaseAsync();
        using var program = new DatasetProgram(database);
        (await RunAsync(program, "models", "list")).ExitCode.ShouldBe(0);
        await using (var connection = new NpgsqlConnection(database))
        {
            await connection.OpenAsync();
            await using var register = new NpgsqlCommand(
                """
                insert into registry.model (name) values ('shop_churn');
                insert into registry.model_version (name, version, learner, folder, model_sha256, features, threshold, parameters, metrics, source, training_snapshot_id, feature_view,
                  train_cutoff, test_cutoff, dag_id, run_key, run_id, attempt_id, created_at)
                values ('shop_churn', 1, 'gradient_boosting', 'models/shop_churn/v1', '', '{recency}', 0.5, '{}',
                  '{"rows": 2, "positives": 1, "baseRate": 0.5, "rocAuc": 1, "rocAucInterval": {"low": 1, "high": 1}, "prAuc": 1, "prAucInterval": {"low": 1, "high": 1}, "threshold": 0.5, "f1": 1,
                    "precision": 1, "recall": 1, "accuracy": 1, "brier": 0, "logLoss": 0, "liftAt5Percent": 2, "liftAt10Percent": 2, "liftAt20Percent": 2, "recallAt10Percent": 1}',
                  'shop', 1, 'shop_customer_activity', '2026-01-01Z', '2026-02-01Z', 'churn-daily', 'manual__1', 1, 1, now())
                """,
                connection);
            await register.ExecuteNonQueryAsync();
        }

        var (code, _, errors) = await RunAsync(program, "models", "reproduce", "shop_churn", "1");

        code.ShouldBe(3, errors);
        errors.ShouldContain($"The native library of XGBoost was not found (looked for libxgboost.so.0, libxgboost.so). Install it with: {Cure} libxgboost0 (./ecom doctor checks all of them.)");
        errors.ShouldNotContain("   at ");
    }

    private static Task<(int ExitCode, string Output, string Errors)> RunAsync(DatasetProgram program, params string[] arguments)
    {
        var folder = Path.GetDirectoryName(program.Write("libxgboost.so.0", "no library"))!;
        program.Write("libxgboost.so", "no library");
        return program.RunAsync("dotnet", [DatasetProgram.Assembly, .. arguments], ("LD_LIBRARY_PATH", folder));
    }
}
