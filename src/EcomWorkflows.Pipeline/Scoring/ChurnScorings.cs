using Dapper;
using Npgsql;

namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>Reads <c>gold.churn_scoring</c> and the probabilities of its scorings.</summary>
public sealed class ChurnScorings(NpgsqlDataSource database)
{
    /// <summary>Scorings of a source, the newest first.</summary>
    public async Task<IReadOnlyList<ScoringSummary>> ListAsync(string source, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        IEnumerable<(DateTime AsOf, string Model, int Version, float Threshold, int Gap, int Days, long Customers)> rows =
            await connection.QueryAsync<(DateTime, string, int, float, int, int, long)>(new CommandDefinition(
                """
                select as_of, model_name, model_version, threshold, gap_days, outcome_days, customers
                from gold.churn_scoring
                where source = @source
                order by as_of desc
                """,
                new { source }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new ScoringSummary(source, new DateTimeOffset(row.AsOf), row.Model, row.Version, row.Threshold, row.Gap, row.Days, row.Customers))];
    }

    /// <returns>Null where nobody was scored yet.</returns>
    public async Task<ScoringSummary?> NewestAsync(string source, CancellationToken cancellationToken) => (await ListAsync(source, cancellationToken)) is [var newest, ..] ? newest : null;

    /// <summary>Every customer's probability.</summary>
    internal async Task<IReadOnlyList<(string Customer, double Probability)>> ProbabilitiesAsync(ScoringSummary scoring, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        return [.. await connection.QueryAsync<(string, double)>(new CommandDefinition(
            """
            select customer_id, churn_probability
            from gold.churn_score
            where source = @Source
              and as_of = @AsOf
            """,
            new { scoring.Source, AsOf = scoring.AsOf.UtcDateTime }, commandTimeout: 600, cancellationToken: cancellationToken))];
    }

    /// <summary>Probabilities of a scoring, in no particular order: all of them, or of a larger scoring about <paramref name="most"/> drawn at random, the same each time.</summary>
    internal async Task<double[]> ScoresAsync(ScoringSummary scoring, int most, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(
            """
            select churn_probability
            from gold.churn_score tablesample bernoulli ($1) repeatable (42)
            where source = $2
              and as_of = $3
            """,
            connection) { CommandTimeout = 600 };
        command.Parameters.Add(new NpgsqlParameter<float> { TypedValue = scoring.Customers <= most ? 100 : 100f * most / scoring.Customers });
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = scoring.Source });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = scoring.AsOf.UtcDateTime });
        var scores = new List<double>((int)Math.Min(most, scoring.Customers));
        await using NpgsqlDataReader rows = await command.ExecuteReaderAsync(cancellationToken);
        while (await rows.ReadAsync(cancellationToken))
            scores.Add(rows.GetDouble(0));
        return [.. scores];
    }
}
