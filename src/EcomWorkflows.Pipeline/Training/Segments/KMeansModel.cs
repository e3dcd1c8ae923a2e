using EcomWorkflows.Pipeline.Training.Learners;

namespace EcomWorkflows.Pipeline.Training.Segments;

/// <summary>Centroids found by K-Means: immutable, and the only thing that can assign rows to segments.</summary>
public sealed class KMeansModel
{
    private readonly ColumnScaling[] _scalings;
    private readonly float[] _centroids;

    internal KMeansModel(IReadOnlyList<string> names, ColumnScaling[] scalings, float[] centroids, double inertia)
    {
        FeatureNames = names;
        Inertia = inertia;
        (_scalings, _centroids) = (scalings, centroids);
    }

    public IReadOnlyList<string> FeatureNames { get; }

    public int Clusters => _centroids.Length / FeatureNames.Count;

    /// <summary>Sum of squared distances of the training rows to their centroids, in standard deviations. Lower is better for the same number of clusters.</summary>
    public double Inertia { get; }

    /// <summary>The number of the nearest centroid for each row, from 0.</summary>
    /// <exception cref="FeatureMismatchException">The table's columns are not those the model was fitted on.</exception>
    public int[] Assign(FeatureTable table)
    {
        float[] points = Standardised(table);
        int[] clusters = new int[table.Rows];
        for (int row = 0; row < clusters.Length; row++)
            clusters[row] = KMeansLearner.Nearest(points.AsSpan(row * table.Columns, table.Columns), _centroids, table.Columns).Cluster;
        return clusters;
    }

    /// <summary>Mean silhouette (Rousseeuw, 1987) over an even sample of the rows: −1 to 1, higher means better separated segments.</summary>
    /// <remarks>Each sampled row is compared with every sampled row, so the cost is the square of the sample.</remarks>
    /// <exception cref="FeatureMismatchException">The table's columns are not those the model was fitted on.</exception>
    public double Silhouette(FeatureTable table, int sampleRows = 5_000)
    {
        int step = Math.Max(1, (table.Rows + sampleRows - 1) / sampleRows);
        int[] rows = [.. Enumerable.Range(0, table.Rows / step).Select(i => i * step)];
        FeatureTable sample = table.Take(rows);
        float[] points = Standardised(sample);
        int[] clusters = Assign(sample);
        int[] sizes = new int[Clusters];
        foreach (int cluster in clusters)
            sizes[cluster]++;

        double sum = 0;
        double[] totals = new double[Clusters];
        for (int row = 0; row < sample.Rows; row++)
        {
            if (sizes[clusters[row]] == 1)
                continue;
            Array.Clear(totals);
            ReadOnlySpan<float> point = points.AsSpan(row * sample.Columns, sample.Columns);
            for (int other = 0; other < sample.Rows; other++)
                totals[clusters[other]] += Math.Sqrt(KMeansLearner.Distance(point, points.AsSpan(other * sample.Columns, sample.Columns)));
            double own = totals[clusters[row]] / (sizes[clusters[row]] - 1);
            double next = Enumerable.Range(0, Clusters).Where(cluster => cluster != clusters[row] && sizes[cluster] > 0).Min(cluster => totals[cluster] / sizes[cluster]);
            double larger = Math.Max(own, next);
            sum += larger > 0 ? (next - own) / larger : 0;
        }

        return sample.Rows == 0 ? double.NaN : sum / sample.Rows;
    }

    private float[] Standardised(FeatureTable table)
    {
        if (!table.Names.SequenceEqual(FeatureNames))
            throw new FeatureMismatchException(FeatureNames, table.Names);
        return StandardisedRows.Apply(table, _scalings, new ParallelOptions());
    }
}
