using System.Text;
using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using Npgsql;
using NpgsqlTypes;

namespace EcomWorkflows.Pipeline.Scoring.Retention;

/// <summary>Retention lists in PostgreSQL.</summary>
public sealed class RetentionStore(NpgsqlDataSource database)
{
    private const string SelectList =
        """
        select source, as_of, model_name, model_version, customer_value, value_feature, offer_cost, contact_cost, save_rate, stayer_take_rate, budget,
          holdout_share, seed, rest_days, scored, resting, contacted, held_out, expected_profit, expected_cost, run_id, attempt_id, made_at
        from gold.retention_list
        """;

    private const string SelectTargets =
        """
        select customer_id, rank, target_group, churn_probability, customer_value, expected_profit, expected_cost, reasons::text
        from gold.retention_target
        where source = $1
          and as_of = $2
        order by rank
        """;

    /// <summary>Who rests: listed in the days before.</summary>
    private const string Listed =
        """
        select distinct customer_id
        from gold.retention_target
        where source = @Source
          and as_of < @AsOf
          and as_of > @AsOf - make_interval(days => @RestDays)
        """;

    /// <summary>Lists of one source or of all, the newest first.</summary>
    public async Task<IReadOnlyList<RetentionList>> ListAsync(string? source, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        IEnumerable<RetentionListRow> rows = await connection.QueryAsync<RetentionListRow>(new CommandDefinition(
            $"""
            {SelectList}
            where @source::text is null or source = @source
            order by as_of desc, source
            """,
            new { source }, cancellationToken: cancellationToken));
        return [.. rows.Select(row => row.ToList())];
    }

    /// <param name="asOf">Null for the newest.</param>
    public async Task<RetentionList?> FindAsync(string source, DateTimeOffset? asOf, CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        RetentionListRow? row = await connection.QueryFirstOrDefaultAsync<RetentionListRow>(new CommandDefinition(
            $"""
            {SelectList}
            where source = @source
              and (@asOf::timestamptz is null or as_of = @asOf)
            order by as_of desc
            limit 1
            """,
            new { source, asOf = asOf?.UtcDateTime }, cancellationToken: cancellationToken));
        return row?.ToList();
    }

    /// <summary>The customers of a list by rank, one by one.</summary>
    /// <param name="limit">Null for all.</param>
    public async IAsyncEnumerable<RetentionTarget> TargetsAsync(
        string source, DateTimeOffset asOf, int? limit, [System.Runtime.CompilerServices.EnumeratorCancellation] CancellationToken cancellationToken)
    {
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using var command = new NpgsqlCommand(limit is { } most ? $"{SelectTargets}\nlimit {most}" : SelectTargets, connection);
        command.Parameters.Add(new NpgsqlParameter<string> { TypedValue = source });
        command.Parameters.Add(new NpgsqlParameter<DateTime> { TypedValue = asOf.UtcDateTime, NpgsqlDbType = NpgsqlDbType.TimestampTz });
        await using NpgsqlDataReader reader = await command.ExecuteReaderAsync(cancellationToken);
        while (await reader.ReadAsync(cancellationToken))
        {
            yield return new RetentionTarget(
                reader.GetString(0), reader.GetInt32(1), reader.GetString(2) == RetentionTarget.HoldoutGroup, reader.GetDouble(3), reader.GetDouble(4), reader.GetDouble(5), reader.GetDouble(6),
                await reader.IsDBNullAsync(7, cancellationToken) ? null : reader.GetString(7));
        }
    }

    /// <summary>Customers of a scoring who may be listed, the likeliest churners first, and how many may not because they were listed lately.</summary>
    /// <param name="least">Only probabilities from here on.</param>
    /// <param name="most">So many of them at the most; null for all.</param>
    internal async Task<(IReadOnlyList<RetentionCandidate> Candidates, long Resting)> CandidatesAsync(
        ScoringSummary scoring, double least, int? most, int restDays, CancellationToken cancellationToken)
    {
        var asked = new Candidates(scoring.Source, scoring.AsOf.UtcDateTime, least, most, restDays);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        long resting = await connection.ExecuteScalarAsync<long>(new CommandDefinition(
            $"""
            select count(*)
            from ({Listed}) l
            join gold.churn_score p on p.customer_id = l.customer_id
            where p.source = @Source
              and p.as_of = @AsOf
              and p.churn_probability >= @Least
            """,
            asked, commandTimeout: 600, cancellationToken: cancellationToken));
        if (await HighCutAsync(connection, asked, scoring.Customers, resting, cancellationToken) is { } cut && cut > least)
        {
            IReadOnlyList<RetentionCandidate> likeliest = await LikeliestAsync(connection, asked with { Least = cut }, cancellationToken);
            if (likeliest.Count == most)
                return (likeliest, resting);
        }

        return (await LikeliestAsync(connection, asked, cancellationToken), resting);
    }

    /// <summary>A probability that about twice as many customers reach as are wanted, by a sample: of a long list sorted whole, most would be thrown away.</summary>
    /// <returns>Null where most customers are wanted.</returns>
    private static async Task<double?> HighCutAsync(NpgsqlConnection connection, Candidates asked, long scored, long resting, CancellationToken cancellationToken)
    {
        const int SampleRows = 20_000;
        double share = asked.Most is { } most ? 2.0 * (most + resting) / scored : 1;
        if (share > 0.5)
            return null;
        return await connection.ExecuteScalarAsync<double?>(new CommandDefinition(
            """
            select percentile_disc(@share) within group (order by churn_probability desc)
            from gold.churn_score tablesample system (@percent) repeatable (42)
            where source = @Source
              and as_of = @AsOf
            """,
            new { share, percent = (float)Math.Min(100, 100.0 * SampleRows / scored), asked.Source, asked.AsOf }, commandTimeout: 600, cancellationToken: cancellationToken));
    }

    private static async Task<IReadOnlyList<RetentionCandidate>> LikeliestAsync(NpgsqlConnection connection, Candidates asked, CancellationToken cancellationToken)
    {
        IEnumerable<(string Customer, double Probability, string? Reasons)> rows = await connection.QueryAsync<(string, double, string?)>(new CommandDefinition(
            $"""
            select customer_id, churn_probability, top_drivers::text
            from (
              select p.customer_id, p.churn_probability, p.top_drivers
              from gold.churn_score p
              left join ({Listed}) l on l.customer_id = p.customer_id
              where p.source = @Source
                and p.as_of = @AsOf
                and p.churn_probability >= @Least
                and l.customer_id is null
              order by p.churn_probability desc, p.customer_id collate "C"
              limit @Most
            ) likeliest
            """,
            asked, commandTimeout: 600, cancellationToken: cancellationToken));
        return [.. rows.Select(row => new RetentionCandidate(row.Customer, row.Probability, null, row.Reasons))];
    }

    /// <summary>Writes a list in place of an earlier one of the same moment; part of the caller's fenced transaction.</summary>
    internal static async Task ReplaceAsync(PublishScope scope, RetentionList list, IReadOnlyList<RetentionTarget> targets, CancellationToken cancellationToken)
    {
        await scope.Connection.ExecuteAsync(new CommandDefinition(
            """
            delete from gold.retention_target
            where source = @Source
              and as_of = @AsOf;

            delete from gold.retention_list
            where source = @Source
              and as_of = @AsOf;

            insert into gold.retention_list (source, as_of, model_name, model_version, customer_value, value_feature, offer_cost, contact_cost, save_rate, stayer_take_rate, budget,
              holdout_share, seed, rest_days, scored, resting, contacted, held_out, expected_profit, expected_cost, run_id, attempt_id, made_at)
            values (@Source, @AsOf, @ModelName, @ModelVersion, @CustomerValue, @ValueFeature, @OfferCost, @ContactCost, @SaveRate, @StayerTakeRate, @Budget,
              @HoldoutShare, @Seed, @RestDays, @Scored, @Resting, @Contacted, @HeldOut, @ExpectedProfit, @ExpectedCost, @RunId, @AttemptId, @MadeAt);
            """,
            list, scope.Transaction, cancellationToken: cancellationToken));
        byte[] source = Encoding.UTF8.GetBytes(list.Source);
        long asOf = CopyBuffer.Timestamp(list.AsOf);
        await RowCopy.WriteAsync(
            scope.Connection,
            """
            copy gold.retention_target (source, as_of, customer_id, rank, target_group, churn_probability, customer_value, expected_profit, expected_cost, reasons)
            from stdin (format binary)
            """,
            targets.Count,
            (buffer, row) =>
            {
                RetentionTarget target = targets[row];
                buffer.Row(fields: 10);
                buffer.Text(source);
                buffer.Int64(asOf);
                buffer.Text(Encoding.UTF8.GetBytes(target.CustomerId));
                buffer.Int32(target.Rank);
                buffer.Text(Encoding.UTF8.GetBytes(target.Group));
                buffer.Double(target.ChurnProbability);
                buffer.Double(target.CustomerValue);
                buffer.Double(target.ExpectedProfit);
                buffer.Double(target.ExpectedCost);
                if (target.Reasons is { } reasons)
                    buffer.Json(Encoding.UTF8.GetBytes(reasons));
                else
                    buffer.Null();
            },
            cancellationToken);
    }

    /// <summary>Parameters of the statements that look for candidates.</summary>
    private sealed record Candidates(string Source, DateTime AsOf, double Least, int? Most, int RestDays);
}
