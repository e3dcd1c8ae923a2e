using Dapper;
using Npgsql;

namespace EcomWorkflows.Pipeline.Lineage;

/// <summary>The questions a lineage asks the stages' tables.</summary>
internal sealed class LineageCatalog(NpgsqlDataSource database)
{
    /// <summary>A prediction; the newest of the customer where no moment is given.</summary>
    public Task<PredictionRow?> PredictionAsync(string source, string customer, DateTimeOffset? asOf, CancellationToken cancellationToken) =>
        FirstAsync<PredictionRow>(
            """
            select p.source as "Source", p.as_of as "AsOf", p.customer_id as "Customer", p.churn_probability as "Probability", p.predicted_label as "Label",
              p.threshold as "Threshold", p.top_drivers::text as "Drivers", p.model_name as "ModelName", p.model_version as "ModelVersion",
              p.feature_view as "FeatureView", p.feature_view_version as "FeatureViewVersion", p.features_snapshot_id as "FeaturesSnapshot",
              p.outcome_days as "OutcomeDays", p.run_id as "RunId", p.attempt_id as "AttemptId", p.scored_at as "ScoredAt"
            from gold.churn_predictions p
            where p.source = @source
              and p.customer_id = @customer
              and (@asOf::timestamptz is null or p.as_of = @asOf)
            order by p.as_of desc
            limit 1
            """,
            new { source, customer, asOf = asOf?.UtcDateTime }, cancellationToken);

    /// <summary>The prediction of a pair that is meant.</summary>
    public Task<PurchaseRow?> PurchaseAsync(string source, string visitor, string item, PurchaseChoice choice, CancellationToken cancellationToken) =>
        FirstAsync<PurchaseRow>(
            """
            select p.source as "Source", p.variant as "Variant", p.kind as "Kind", p.as_of as "AsOf", p.visitorid as "Visitor", p.itemid as "Item",
              p.predicted_prob as "Probability", p.predicted_label as "Label", p.actual_label as "Bought", p.threshold as "Threshold", p.model_name as "ModelName",
              p.model_version as "ModelVersion", p.feature_view as "FeatureView", s.feature_view_version as "FeatureViewVersion", p.features_snapshot_id as "FeaturesSnapshot", p.outcome_from as "OutcomeFrom",
              p.outcome_to as "OutcomeTo", s.candidate_days as "CandidateDays", p.top_drivers::text as "Drivers", p.run_id as "RunId", p.attempt_id as "AttemptId", p.scored_at as "ScoredAt"
            from gold.purchase_predictions p
            join gold.purchase_scoring s on s.scoring_id = p.scoring_id
            where p.source = @source
              and p.visitorid = @visitor
              and p.itemid = @item
              and p.variant = @Variant
              and (@asOf::timestamptz is null or p.as_of = @asOf)
              and (@Kind::text is null or p.kind = @Kind)
            order by p.kind = 'latest' desc, p.as_of desc
            limit 1
            """,
            new { source, visitor, item, choice.Variant, asOf = choice.AsOf?.UtcDateTime, choice.Kind }, cancellationToken);

    /// <summary>How the features a view had at a moment were made.</summary>
    public Task<MaterializationRow?> MaterializationAsync(string view, DateTimeOffset asOf, long historySnapshot, CancellationToken cancellationToken) =>
        FirstAsync<MaterializationRow>(
            """
            select m.version as "Version", m.lake_snapshot_id as "HistorySnapshot", m.input_snapshots::text as "Inputs", m.rows as "Rows",
              m.run_id as "RunId", m.attempt_id as "AttemptId"
            from features.materialization m
            join features.feature_view v on v.id = m.view_id
            where v.name = @view
              and m.as_of = @asOf
              and m.lake_snapshot_id <= @historySnapshot
            order by m.lake_snapshot_id desc
            limit 1
            """,
            new { view, asOf = asOf.UtcDateTime, historySnapshot }, cancellationToken);

    /// <summary>What is known of a version of a feature view.</summary>
    public Task<FeatureViewRow?> FeatureViewAsync(string view, int version, CancellationToken cancellationToken) =>
        FirstAsync<FeatureViewRow>(
            """
            select v.entity as "Entity", v.source as "Source", v.description as "Description", v.owner as "Owner", n.logic_hash as "LogicHash",
              (select count(*) from features.feature f where f.view_id = v.id and f.version = n.version) as "Features",
              n.created_at as "CreatedAt", n.run_id as "RunId", n.attempt_id as "AttemptId"
            from features.feature_view v
            join features.feature_view_version n on n.view_id = v.id
            where v.name = @view
              and n.version = @version
            """,
            new { view, version }, cancellationToken);

    /// <summary>
    /// The snapshots of a layer's tables that a task of this run saw when it published <paramref name="before"/>. Where the run made some of them, those are what it worked
    /// with; where it made none, the tables' content then.
    /// </summary>
    public Task<IReadOnlyList<SnapshotSeen>> SnapshotsSeenAsync(string layer, string source, long runId, long before, CancellationToken cancellationToken) =>
        ListAsync<SnapshotSeen>(
            """
            with seen as (
              select distinct on (name) snapshot_id, name, run_id = @runId as of_run
              from lake.snapshot
              where layer = @layer
                and source = @source
                and snapshot_id < @before
              order by name, run_id = @runId desc, data_interval_end desc, snapshot_id desc
            )
            select snapshot_id as "SnapshotId", name as "Table"
            from seen
            where of_run or not exists (select from seen where of_run)
            order by name
            """,
            new { layer, source, runId, before }, cancellationToken);

    /// <summary>Raw files a bronze snapshot was made from; each bronze file's origin names its raw file's hash.</summary>
    public Task<IReadOnlyList<RawFileRow>> RawFilesAsync(long bronzeSnapshot, CancellationToken cancellationToken) =>
        ListAsync<RawFileRow>(
            $"""
            select distinct {RawFileColumns}, f.derived_from as "Origin"
            from lake.file f
            join lake.snapshot s on s.snapshot_id = f.snapshot_id
            join lake.raw_file r on r.source = s.source and r.entity = s.name and strpos(f.derived_from, r.sha256) > 0
            where f.snapshot_id = @bronzeSnapshot
            order by r.path
            """,
            new { bronzeSnapshot }, cancellationToken);

    public Task<RawFileRow?> RawFileAsync(long rawFileId, CancellationToken cancellationToken) =>
        FirstAsync<RawFileRow>(
            $"""
            select {RawFileColumns}, '' as "Origin"
            from lake.raw_file r
            where r.raw_file_id = @rawFileId
            """,
            new { rawFileId }, cancellationToken);

    public Task<IReadOnlyList<RawFileRow>> RawFilesOfAsync(IEnumerable<string> sha256, CancellationToken cancellationToken) =>
        ListAsync<RawFileRow>(
            $"""
            select {RawFileColumns}, '' as "Origin"
            from lake.raw_file r
            where r.sha256 = any(@hashes)
            order by r.path
            """,
            new { hashes = sha256.ToArray() }, cancellationToken);

    /// <summary>How an entity's rows did in the validation of a run.</summary>
    public Task<string?> ValidationAsync(long runId, string source, string entity, CancellationToken cancellationToken) =>
        ScalarAsync<string?>(
            """
            select outcome || ', ' || rows_quarantined || ' of ' || rows_read || ' rows quarantined (' || suite_name || ')'
            from quality.validation_result
            where run_id = @runId
              and source = @source
              and entity = @entity
            """,
            new { runId, source, entity }, cancellationToken);

    /// <summary>Tags of the dataset versions a run works with.</summary>
    public Task<IReadOnlyList<string>> TagsOfRunAsync(long runId, CancellationToken cancellationToken) =>
        ListAsync<string>(
            """
            select v.tag
            from versioning.run_dataset r
            join versioning.dataset_version v on v.id = r.dataset_version_id
            where r.run_id = @runId
            order by v.tag
            """,
            new { runId }, cancellationToken);

    /// <summary>Models trained on a dataset version.</summary>
    public Task<IReadOnlyList<ModelUse>> ModelsOnAsync(string tag, CancellationToken cancellationToken) =>
        ListAsync<ModelUse>(
            """
            select name as "Name", version as "Version"
            from registry.model_version
            where dataset_tag = @tag
            order by name, version
            """,
            new { tag }, cancellationToken);

    /// <summary>The feature service version a model version was trained on; null where it used none.</summary>
    public Task<string?> ServiceOfAsync(string model, int version, CancellationToken cancellationToken) =>
        ScalarAsync<string?>(
            """
            select service || '@v' || service_version
            from features.service_use
            where model = @model
              and model_version = @version
            """,
            new { model, version }, cancellationToken);

    /// <summary>Scorings by a model version, newest first: of customers, or of pairs of visitor and item.</summary>
    public Task<IReadOnlyList<ScoringRow>> ScoringsByAsync(string model, int version, CancellationToken cancellationToken) =>
        ListAsync<ScoringRow>(
            """
            select 'customers' as "What", source as "Source", as_of as "AsOf", customers as "Scored", at_risk as "Predicted", run_id as "RunId"
            from gold.churn_scoring
            where model_name = @model
              and model_version = @version
            union all
            select kind || ' pairs', source, as_of, pairs, predicted_purchases, run_id
            from gold.purchase_scoring
            where model_name = @model
              and model_version = @version
            order by "AsOf" desc, "What"
            limit 10
            """,
            new { model, version }, cancellationToken);

    /// <summary>Some customers of a source's newest scoring, those with the highest risk first.</summary>
    public Task<IReadOnlyList<CustomerRow>> CustomersAsync(string? source, int limit, CancellationToken cancellationToken) =>
        ListAsync<CustomerRow>(
            """
            select p.source as "Source", p.customer_id as "Customer", p.churn_probability as "Probability", p.as_of as "AsOf"
            from gold.churn_predictions p
            where (p.source, p.as_of) in (
                select source, max(as_of)
                from gold.churn_scoring
                group by source)
              and (@source::text is null or p.source = @source)
            order by p.churn_probability desc, p.customer_id
            limit @limit
            """,
            new { source, limit }, cancellationToken);

    /// <summary>Some pairs of a source's newest scoring, the likeliest purchases first.</summary>
    public Task<IReadOnlyList<PairRow>> PairsAsync(string? source, int limit, CancellationToken cancellationToken) =>
        ListAsync<PairRow>(
            """
            select source as "Source", visitorid as "Visitor", itemid as "Item", predicted_prob as "Probability", as_of as "AsOf"
            from gold.ecommerce_predictions
            where variant = 'honest'
              and (@source::text is null or source = @source)
            order by predicted_prob desc, visitorid, itemid
            limit @limit
            """,
            new { source, limit }, cancellationToken);

    private const string RawFileColumns =
        """
        r.raw_file_id as "Id", r.source as "Source", r.entity as "Entity", r.path as "Path", r.sha256 as "Sha256", r.bytes as "Bytes", r.original as "Original",
        r.first_ingested as "FirstIngested", r.run_id as "RunId", r.attempt_id as "AttemptId"
        """;

    private async Task<T?> FirstAsync<T>(string sql, object parameters, CancellationToken cancellationToken)
        where T : class
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.QueryFirstOrDefaultAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }

    private async Task<T?> ScalarAsync<T>(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return await connection.ExecuteScalarAsync<T?>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken));
    }

    private async Task<IReadOnlyList<T>> ListAsync<T>(string sql, object parameters, CancellationToken cancellationToken)
    {
        await using var connection = await database.OpenConnectionAsync(cancellationToken);
        return (await connection.QueryAsync<T>(new CommandDefinition(sql, parameters, cancellationToken: cancellationToken))).AsList();
    }
}
