using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Learners;

namespace EcomWorkflows.Pipeline.Scoring;

/// <summary>
/// A new partition of <c>gold.churn_score</c>: filled while customers are scored, then put in the place of an earlier one of the same source and moment. All of it is part of
/// the caller's fenced transaction.
/// </summary>
internal sealed class ChurnScoreTable : IAsyncDisposable
{
    private readonly PublishScope _scope;
    private readonly ChurnScoring _scoring;
    private readonly LikeliestRows _likeliest;
    private readonly string _name;

    /// <summary>Rows that may yet get reasons, by number; they are written last, with them.</summary>
    private readonly Dictionary<int, (byte[] Customer, float Probability)> _held = [];
    private RowCopy? _rows;
    private double _probability;

    private ChurnScoreTable(PublishScope scope, ChurnScoring scoring, LikeliestRows likeliest)
    {
        (_scope, _scoring, _likeliest) = (scope, scoring, likeliest);
        _name = $"churn_score_a{scope.Attempt.AttemptId}";
    }

    internal int Count { get; private set; }

    /// <summary>Customers whose probability is the threshold's or more.</summary>
    internal long AtRisk { get; private set; }

    internal double MeanProbability => Count == 0 ? 0 : _probability / Count;

    internal int Explained => _held.Count;

    /// <summary>Creates the partition, empty and seen by nobody.</summary>
    internal static async Task<ChurnScoreTable> CreateAsync(PublishScope scope, ChurnScoring scoring, LikeliestRows likeliest, CancellationToken cancellationToken)
    {
        var table = new ChurnScoreTable(scope, scoring, likeliest);
        await table.ExecuteAsync(
            $"""
            select pg_advisory_xact_lock(hashtextextended('gold.churn_scoring:' || @Source, 0));

            create table gold.{table._name} (like gold.churn_score including constraints);
            alter table gold.{table._name} drop column source, drop column as_of;
            """,
            new { scoring.Source }, cancellationToken);
        table._rows = await table.BeginCopyAsync(cancellationToken);
        return table;
    }

    internal async Task AddAsync(ScoredBlock block, CancellationToken cancellationToken)
    {
        for (int row = 0; row < block.Rows; row++)
        {
            Add(_rows!, block.First + row, block.Keys[0][row], block.Probabilities[row], block.ValuesOf(row));
            await _rows!.FlushAsync(cancellationToken);
        }
    }

    /// <summary>Ends the rows with those that are explained.</summary>
    internal async Task CompleteAsync(FittedModel model, CancellationToken cancellationToken)
    {
        await _rows!.CompleteAsync(cancellationToken);
        var explaining = Task.Run(() => _likeliest.Explain(model), cancellationToken);
        // What all rows have in common is the table's, not each row's: a column added with a constant is stored once. The check lets the partition be attached
        // without reading it again, while readers wait.
        await Task.WhenAll(explaining, ExecuteAsync(
            $"""
            alter table gold.{_name}
              add primary key (customer_id),
              add column source text collate "C" not null default {Literal(_scoring.Source)},
              add column as_of timestamptz not null default {Literal(Timestamp(_scoring.AsOf))},
              add constraint belongs_to_scoring check (source = {Literal(_scoring.Source)} and as_of = {Literal(Timestamp(_scoring.AsOf))});
            """,
            null, cancellationToken));

        IReadOnlyDictionary<int, IReadOnlyList<PredictionDriver>> drivers = await explaining;
        _rows = await BeginCopyAsync(cancellationToken);
        foreach ((int number, (byte[] customer, float probability)) in _held)
        {
            Write(_rows, customer, probability, drivers[number]);
            await _rows.FlushAsync(cancellationToken);
        }

        await _rows.CompleteAsync(cancellationToken);
        await ExecuteAsync($"alter table gold.{_name} alter column source drop default, alter column as_of drop default", null, cancellationToken);
    }

    /// <summary>The last step, because from here to the commit readers of all predictions wait.</summary>
    internal async Task SwapInAsync(CancellationToken cancellationToken)
    {
        string? old = await _scope.Connection.ExecuteScalarAsync<string?>(new CommandDefinition(
            """
            select scores_table
            from gold.churn_scoring
            where source = @Source
              and as_of = @AsOf
            """,
            new { _scoring.Source, _scoring.AsOf }, _scope.Transaction, cancellationToken: cancellationToken));
        if (old is not null)
            await ExecuteAsync($"drop table gold.{old}", null, cancellationToken);
        await ExecuteAsync($"alter table gold.churn_score attach partition gold.{_name} {Bounds()}", null, cancellationToken);
        await UpsertScoringAsync(cancellationToken);
    }

    public ValueTask DisposeAsync() => _rows?.DisposeAsync() ?? ValueTask.CompletedTask;

    private Task UpsertScoringAsync(CancellationToken cancellationToken) =>
        ExecuteAsync(
            """
            insert into gold.churn_scoring (source, as_of, model_name, model_version, threshold, gap_days, outcome_days, feature_view, feature_view_version,
              features_snapshot_id, training_dataset_tag, customers, at_risk, scores_table, run_id, attempt_id, scored_at)
            values (@Source, @AsOf, @ModelName, @ModelVersion, @Threshold, @GapDays, @OutcomeDays, @FeatureView, @FeatureViewVersion,
              @FeaturesSnapshotId, @TrainingDatasetTag, @customers, @AtRisk, @table, @RunId, @AttemptId, @ScoredAt)
            on conflict (source, as_of) do update
            set model_name = excluded.model_name,
              model_version = excluded.model_version,
              threshold = excluded.threshold,
              gap_days = excluded.gap_days,
              outcome_days = excluded.outcome_days,
              feature_view = excluded.feature_view,
              feature_view_version = excluded.feature_view_version,
              features_snapshot_id = excluded.features_snapshot_id,
              training_dataset_tag = excluded.training_dataset_tag,
              customers = excluded.customers,
              at_risk = excluded.at_risk,
              scores_table = excluded.scores_table,
              run_id = excluded.run_id,
              attempt_id = excluded.attempt_id,
              scored_at = excluded.scored_at
            """,
            new
            {
                _scoring.Source,
                _scoring.AsOf,
                _scoring.ModelName,
                _scoring.ModelVersion,
                _scoring.Threshold,
                _scoring.GapDays,
                _scoring.OutcomeDays,
                _scoring.FeatureView,
                _scoring.FeatureViewVersion,
                _scoring.FeaturesSnapshotId,
                _scoring.TrainingDatasetTag,
                customers = (long)Count,
                AtRisk,
                table = _name,
                _scope.Attempt.RunId,
                _scope.Attempt.AttemptId,
                _scoring.ScoredAt,
            },
            cancellationToken);

    private void Add(RowCopy rows, int number, ReadOnlySpan<byte> customer, float probability, ReadOnlySpan<float> values)
    {
        Count++;
        _probability += probability;
        if (probability >= _scoring.Threshold)
            AtRisk++;
        int? unexplained = _likeliest.Offer(number, probability, values);
        if (unexplained == number)
        {
            Write(rows, customer, probability, drivers: null);
            return;
        }

        _held[number] = (customer.ToArray(), probability);
        if (unexplained is { } other && _held.Remove(other, out var earlier))
            Write(rows, earlier.Customer, earlier.Probability, drivers: null);
    }

    private Task<RowCopy> BeginCopyAsync(CancellationToken cancellationToken) =>
        RowCopy.BeginAsync(
            _scope.Connection, $"copy gold.{_name} (customer_id, churn_probability, predicted_label, top_drivers) from stdin (format binary, freeze)", cancellationToken);

    private void Write(RowCopy rows, ReadOnlySpan<byte> customer, float probability, IReadOnlyList<PredictionDriver>? drivers)
    {
        rows.Buffer.Row(fields: 4);
        rows.Buffer.Text(customer);
        rows.Buffer.Double(probability);
        rows.Buffer.Int32(probability >= _scoring.Threshold ? 1 : 0);
        rows.Buffer.Drivers(drivers);
    }

    private string Bounds()
    {
        string source = Literal(_scoring.Source);
        return $"for values from ({source}, {Literal(Timestamp(_scoring.AsOf))}) to ({source}, {Literal(Timestamp(_scoring.AsOf.AddMicroseconds(1)))})";
    }

    private static string Literal(string text) => $"'{text.Replace("'", "''", StringComparison.Ordinal)}'";

    private static string Timestamp(DateTimeOffset time) => time.UtcDateTime.ToString("yyyy-MM-dd HH:mm:ss.ffffff") + "+00";

    private Task ExecuteAsync(string sql, object? parameters, CancellationToken cancellationToken) =>
        _scope.Connection.ExecuteAsync(new CommandDefinition(sql, parameters, _scope.Transaction, commandTimeout: 600, cancellationToken: cancellationToken));
}
