using System.Diagnostics;
using System.Globalization;
using System.Text.RegularExpressions;
using EcomWorkflows.Server.Database;
using Npgsql;

namespace EcomWorkflows.Bench.Orchestrator;

/// <summary>PostgreSQL's own benchmark on the same server: single-row inserts, each a commit.</summary>
internal sealed partial class PgBench(EmbeddedPostgres postgres)
{
    private const int Seconds = 4;

    /// <summary>Commits per second of <paramref name="clients"/> connections.</summary>
    public async Task<double> CommitsPerSecondAsync(int clients, CancellationToken cancellationToken)
    {
        var connection = new NpgsqlConnectionStringBuilder(postgres.ConnectionString);
        var script = Path.GetTempFileName();
        try
        {
            await File.WriteAllTextAsync(script, "insert into bench_commit (client) values (:client_id);\n", cancellationToken);
            await ExecuteAsync("create table if not exists bench_commit (id bigint generated always as identity primary key, client int)", cancellationToken);
            var start = new ProcessStartInfo(Path.Combine(PostgresBinaries.Find(null).Folder, "pgbench"))
            {
                ArgumentList = { "-n", "-M", "prepared", "-f", script, "-c", $"{clients}", "-j", "1", "-T", $"{Seconds}" },
                Environment =
                {
                    ["PGHOST"] = connection.Host, ["PGPORT"] = $"{connection.Port}", ["PGUSER"] = connection.Username, ["PGPASSWORD"] = connection.Password, ["PGDATABASE"] = connection.Database,
                },
            };
            var measured = await MeasuredProcess.RunAsync(start, _ => true, cancellationToken);
            var match = Tps().Match(measured.Output);
            return match.Success ? double.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture) : throw new InvalidOperationException($"pgbench failed:\n{measured.Output}");
        }
        finally
        {
            File.Delete(script);
        }
    }

    private async Task ExecuteAsync(string sql, CancellationToken cancellationToken)
    {
        await using var connection = new NpgsqlConnection(postgres.ConnectionString);
        await connection.OpenAsync(cancellationToken);
        await using var command = new NpgsqlCommand(sql, connection);
        await command.ExecuteNonQueryAsync(cancellationToken);
    }

    [GeneratedRegex(@"tps = ([\d.]+)")]
    private static partial Regex Tps();
}
