using EcomWorkflows.Pipeline.Training.Learners;

namespace EcomWorkflows.Pipeline.Training.Segments;

/// <summary>K-Means on standardised columns: Lloyd's iterations (1982) from k-means++ seeds (Arthur and Vassilvitskii, 2007).</summary>
public sealed class KMeansLearner
{
    private readonly KMeansSettings _settings;

    /// <exception cref="ArgumentOutOfRangeException">Fewer than two clusters, or no start or iteration.</exception>
    public KMeansLearner(KMeansSettings settings)
    {
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Clusters, 2);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.Restarts, 1);
        ArgumentOutOfRangeException.ThrowIfLessThan(settings.MaxIterations, 1);
        _settings = settings;
    }

    /// <summary>Learns scalings and centroids; the same rows and seed give the same model whatever the number of threads.</summary>
    /// <exception cref="ArgumentException">There are fewer distinct rows than clusters.</exception>
    public KMeansModel Fit(FeatureTable table, int threads, CancellationToken cancellationToken)
    {
        var parallel = new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellationToken };
        (ColumnScaling[] scalings, float[] points) = StandardisedRows.Of(table, parallel);
        var random = new Random(_settings.Seed);
        (double Inertia, float[] Centroids)? best = null;
        for (int start = 0; start < _settings.Restarts; start++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            float[] seeds = Seeds(points, table.Columns, random);
            (double inertia, float[] centroids) = Iterate(points, table.Columns, seeds, parallel);
            if (best is null || inertia < best.Value.Inertia)
                best = (inertia, centroids);
        }

        // Segments are numbered by size of their first centroid coordinate, so the numbers do not depend on the order of the seeds.
        float[] ordered = [.. best!.Value.Centroids.Chunk(table.Columns).OrderBy(centroid => centroid[0]).ThenBy(centroid => centroid[^1]).SelectMany(centroid => centroid)];
        return new KMeansModel(table.Names, scalings, ordered, best.Value.Inertia);
    }

    private float[] Seeds(float[] points, int columns, Random random)
    {
        int rows = points.Length / columns;
        float[] seeds = new float[_settings.Clusters * columns];
        Row(points, columns, random.Next(rows)).CopyTo(seeds);
        double[] distances = new double[rows];
        Array.Fill(distances, double.PositiveInfinity);
        for (int cluster = 1; cluster < _settings.Clusters; cluster++)
        {
            double total = 0;
            for (int row = 0; row < rows; row++)
            {
                distances[row] = Math.Min(distances[row], Distance(Row(points, columns, row), Row(seeds, columns, cluster - 1)));
                total += distances[row];
            }

            if (!(total > 0))
                throw new ArgumentException($"There are only {cluster} distinct rows for {_settings.Clusters} clusters.", nameof(points));
            Row(points, columns, Draw(distances, random.NextDouble() * total)).CopyTo(seeds.AsSpan(cluster * columns));
        }

        return seeds;
    }

    // A row with the chance of its share of the total distance.
    private static int Draw(double[] distances, double position)
    {
        int last = 0;
        for (int row = 0; row < distances.Length; row++)
        {
            if (distances[row] > 0)
                last = row;
            position -= distances[row];
            if (position < 0)
                return row;
        }

        return last;
    }

    private (double Inertia, float[] Centroids) Iterate(float[] points, int columns, float[] centroids, ParallelOptions parallel)
    {
        int rows = points.Length / columns;
        int[] nearest = new int[rows];
        double[] distances = new double[rows];
        for (int iteration = 0; ; iteration++)
        {
            float[] current = centroids;
            int moved = 0;
            Parallel.For(0, rows, parallel, row =>
            {
                (int cluster, double distance) = Nearest(Row(points, columns, row), current, columns);
                if (nearest[row] != cluster || iteration == 0)
                    Interlocked.Increment(ref moved);
                (nearest[row], distances[row]) = (cluster, distance);
            });
            if (moved == 0 || iteration == _settings.MaxIterations)
                return (distances.Sum(), centroids);
            centroids = Means(points, columns, nearest, current, distances);
        }
    }

    private float[] Means(float[] points, int columns, int[] nearest, float[] centroids, double[] distances)
    {
        double[] sums = new double[centroids.Length];
        int[] sizes = new int[_settings.Clusters];
        for (int row = 0; row < nearest.Length; row++)
        {
            sizes[nearest[row]]++;
            ReadOnlySpan<float> point = Row(points, columns, row);
            for (int column = 0; column < columns; column++)
                sums[(nearest[row] * columns) + column] += point[column];
        }

        float[] means = new float[centroids.Length];
        for (int cluster = 0; cluster < sizes.Length; cluster++)
        {
            // An empty cluster starts anew at the row that is farthest from its centroid.
            if (sizes[cluster] == 0)
            {
                int farthest = Array.IndexOf(distances, distances.Max());
                distances[farthest] = 0;
                Row(points, columns, farthest).CopyTo(means.AsSpan(cluster * columns));
                continue;
            }

            for (int column = 0; column < columns; column++)
                means[(cluster * columns) + column] = (float)(sums[(cluster * columns) + column] / sizes[cluster]);
        }

        return means;
    }

    internal static (int Cluster, double Distance) Nearest(ReadOnlySpan<float> point, ReadOnlySpan<float> centroids, int columns)
    {
        (int best, double least) = (0, double.PositiveInfinity);
        for (int cluster = 0; cluster * columns < centroids.Length; cluster++)
        {
            double distance = Distance(point, centroids.Slice(cluster * columns, columns));
            if (distance < least)
                (best, least) = (cluster, distance);
        }

        return (best, least);
    }

    internal static double Distance(ReadOnlySpan<float> first, ReadOnlySpan<float> second)
    {
        double sum = 0;
        for (int i = 0; i < first.Length; i++)
        {
            double difference = (double)first[i] - second[i];
            sum += difference * difference;
        }

        return sum;
    }

    private static ReadOnlySpan<float> Row(float[] values, int columns, int row) => values.AsSpan(row * columns, columns);
}
