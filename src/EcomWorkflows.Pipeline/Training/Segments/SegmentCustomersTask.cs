using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Training.Segments;

/// <summary>Groups the customers known at the newest as-of time by K-Means.</summary>
[TaskType("Ecom.SegmentCustomers", DisplayName = "Segment customers", Category = "Training", Description =
    "Groups customers by K-Means (k-means++ seeds) on standardised features of the newest as-of time and publishes each customer's segment to gold.{source}.customer_segments.")]
public sealed class SegmentCustomersTask(SourceCatalog sources, LakeStore lake, HistoricalFeatures features, PipelineOptions options) : ITask<SegmentCustomersInputs, SegmentCustomersOutputs>
{
    private const int MostClusters = 50;

    private static readonly int[] Tried = [2, 3, 4, 5, 6, 7, 8];

    public async Task<TaskResult<SegmentCustomersOutputs>> RunAsync(SegmentCustomersInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        if (inputs.Clusters is not (0 or (>= 2 and <= MostClusters)))
            throw new TaskFailedException($"clusters is {inputs.Clusters}; allowed: 2 to {MostClusters}, or 0 to choose by silhouette.", retryable: false);
        SourceMapping mapping = sources.Get(inputs.Source);
        string view = FeatureView.NameOf(mapping.Source);
        TaskFeatures known = await features.OpenAsync(
            new HistoricalQuery([.. inputs.Features.Select(feature => $"{view}:{feature}")], FeatureService: null, FullFeatureNames: false, KnownBy: null), context, cancellationToken);
        LakeTableName table = TableOf(mapping.Source);
        string file = lake.NewFile(context, table);
        (DateTimeOffset asOf, KMeansModel model, double silhouette, IReadOnlyList<SegmentProfile> segments, IReadOnlyList<LakeColumn> columns) = await Task.Run(
            () => Write(inputs, known, file, context, cancellationToken), cancellationToken);
        LakeFile described = await lake.DescribeAsync(file, cancellationToken);
        LakeSnapshot? published = null;
        await context.PublishAsync(
            async (scope, token) => published = await lake.PublishAsync(scope, context, table, [described], columns, token), cancellationToken);
        context.Logger.LogInformation(
            "{Customers} customers in {Clusters} segments as of {AsOf:yyyy-MM-dd}, silhouette {Silhouette:F3}", described.Rows, model.Clusters, asOf, silhouette);
        return new SegmentCustomersOutputs($"{table}", published!.SnapshotId, asOf, described.Rows, model.Clusters, silhouette, model.Inertia, segments);
    }

    /// <summary>The lake table of a source's segments.</summary>
    public static LakeTableName TableOf(string source) => new("gold", source, "customer_segments");

    private (DateTimeOffset AsOf, KMeansModel Model, double Silhouette, IReadOnlyList<SegmentProfile> Segments, IReadOnlyList<LakeColumn> Columns) Write(
        SegmentCustomersInputs inputs, TaskFeatures known, string file, TaskContext context, CancellationToken cancellationToken)
    {
        using DuckDbConnection duckdb = DuckDbConnection.Open(new DuckDbOptions
        {
            MemoryLimit = options.DuckDbMemoryLimit,
            Threads = options.Threads,
            TempDirectory = context.WorkFolder,
            PreserveInsertionOrder = true,
        });
        if (known.Newest(duckdb, cancellationToken) is not { } asOf || known.AtExactly(duckdb, [asOf], cancellationToken) is not { } rows)
            throw new TaskFailedException($"Feature view {known.View.Name} has no rows of all customers at one time. Run Ecom.BuildFeatures first.", FailureCause.BadData, retryable: false);
        // Ordered, so that the same customers give the same segments whatever the files they came in.
        duckdb.Execute($"create table customer as select * from {rows} order by customer_id", null, cancellationToken);
        (string[] customers, FeatureTable table) = Read(duckdb, inputs.Features, cancellationToken);
        (KMeansModel model, double silhouette) = Fit(table, inputs, context, cancellationToken);

        int[] segments = model.Assign(table);
        duckdb.Execute("create table assigned (customer_id varchar, segment integer)", null, cancellationToken);
        using (DuckDbAppender appender = duckdb.CreateAppender("assigned"))
        {
            for (int row = 0; row < customers.Length; row++)
                appender.Append(customers[row]).Append(segments[row] + 1).EndRow();
            appender.Flush();
        }

        string columns = string.Join(", ", inputs.Features.Select(feature => $"c.{TrainingSetSql.Quote(feature)}"));
        duckdb.Execute(
            $"copy (select c.customer_id, c.event_timestamp as as_of, a.segment, {columns} from customer c join assigned a using (customer_id) order by c.customer_id) to {LakeStore.Quote(file)} {ParquetFormat.Options}",
            null, cancellationToken);
        return (asOf, model, silhouette, Profiles(table, segments, model.Clusters), LakeStore.Columns(duckdb, file, cancellationToken));
    }

    private static (string[] Customers, FeatureTable Features) Read(DuckDbConnection duckdb, IReadOnlyList<string> features, CancellationToken cancellationToken)
    {
        int rows = checked((int)duckdb.Scalar<long>("select count(*) from customer", null, cancellationToken));
        string[] customers = new string[rows];
        float[] values = new float[(long)rows * features.Count];
        int filled = 0;
        using DuckDbReader reader = duckdb.Query($"select customer_id, {FeatureBlockReader.SelectList(features)} from customer", null, cancellationToken);
        while (reader.NextChunk())
        {
            FeatureBlockReader.CopyChunk(reader, 1, features.Count, values.AsSpan(filled * features.Count, reader.ChunkRows * features.Count));
            for (int row = 0, count = reader.ChunkRows; row < count; row++)
            {
                reader.Read();
                customers[filled++] = reader.Get<string>(0);
            }
        }

        return (customers, new FeatureTable([.. features], values, rows));
    }

    private (KMeansModel Model, double Silhouette) Fit(FeatureTable features, SegmentCustomersInputs inputs, TaskContext context, CancellationToken cancellationToken)
    {
        (KMeansModel Model, double Silhouette)? best = null;
        foreach (int clusters in inputs.Clusters == 0 ? Tried : [inputs.Clusters])
        {
            context.ReportProgress(null, $"grouping {features.Rows} customers into {clusters}");
            try
            {
                KMeansModel model = new KMeansLearner(new KMeansSettings { Clusters = clusters, Seed = inputs.Seed }).Fit(features, options.Threads, cancellationToken);
                double silhouette = model.Silhouette(features);
                if (best is null || silhouette > best.Value.Silhouette)
                    best = (model, silhouette);
            }
            catch (ArgumentException tooFew) when (best is null || inputs.Clusters > 0)
            {
                throw new TaskFailedException($"{tooFew.Message} Ask for fewer segments, or for features that tell customers apart.", FailureCause.BadData, retryable: false, innerException: tooFew);
            }
            catch (ArgumentException)
            {
                break;
            }
        }

        return best!.Value;
    }

    private static IReadOnlyList<SegmentProfile> Profiles(FeatureTable features, int[] segments, int clusters) =>
    [
        .. Enumerable.Range(0, clusters).Select(cluster =>
        {
            int[] rows = [.. Enumerable.Range(0, segments.Length).Where(row => segments[row] == cluster)];
            FeatureTable own = features.Take(rows);
            return new SegmentProfile(cluster + 1, rows.Length, (double)rows.Length / segments.Length, own.Names.Index().ToDictionary(
                column => column.Item,
                column => Enumerable.Range(0, own.Rows).Select(row => (double)own.Values[(row * own.Columns) + column.Index]).Where(double.IsFinite).DefaultIfEmpty(double.NaN).Average()));
        }),
    ];
}
