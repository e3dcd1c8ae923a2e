using System.Numerics;

namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>½‖w‖² + C · Σ log-loss over standardised rows, with its derivatives; the intercept is the last coordinate.</summary>
internal sealed class LogisticObjective(float[] rows, int columns, bool[] labels, double c, ParallelOptions parallel)
{
    // Partial sums are made per block and added in block order, so the result does not depend on the number of threads.
    private const int RowsPerBlock = 16_384;

    internal int Dimensions => columns + 1;

    private int Blocks => (labels.Length + RowsPerBlock - 1) / RowsPerBlock;

    internal double Value(double[] weights)
    {
        double[] losses = new double[Blocks];
        Parallel.For(0, Blocks, parallel, block =>
        {
            double loss = 0;
            int end = Math.Min(labels.Length, (block + 1) * RowsPerBlock);
            for (int row = block * RowsPerBlock; row < end; row++)
            {
                double margin = Margin(row, weights);
                loss += SoftPlus(labels[row] ? -margin : margin);
            }

            losses[block] = loss;
        });
        return (c * losses.Sum()) + (0.5 * Penalised(weights));
    }

    /// <summary>Gradient and the lower triangle of the Hessian, row after row.</summary>
    internal (double[] Gradient, double[] Hessian) Derivatives(double[] weights)
    {
        int size = Dimensions;
        double[][] partial = new double[Blocks][];
        Parallel.For(0, Blocks, parallel, block => partial[block] = BlockDerivatives(block, weights));

        double[] gradient = new double[size];
        double[] hessian = new double[size * size];
        foreach (double[] sums in partial)
        {
            for (int i = 0; i < size; i++)
                gradient[i] += sums[i];
            for (int i = 0; i < hessian.Length; i++)
                hessian[i] += sums[size + i];
        }

        for (int i = 0; i < columns; i++)
        {
            gradient[i] += weights[i];
            hessian[(i * size) + i] += 1;
        }

        return (gradient, hessian);
    }

    private double[] BlockDerivatives(int block, double[] weights)
    {
        int size = Dimensions;
        // Rows of the Hessian begin at whole vectors; what lies behind the last column and above the diagonal is not looked at.
        int stride = (size + Vector<double>.Count - 1) / Vector<double>.Count * Vector<double>.Count;
        double[] x = new double[stride];
        double[] gradient = new double[size];
        double[] hessian = new double[size * stride];
        x[columns] = 1;
        int end = Math.Min(labels.Length, (block + 1) * RowsPerBlock);
        for (int row = block * RowsPerBlock; row < end; row++)
        {
            ReadOnlySpan<float> values = rows.AsSpan(row * columns, columns);
            double margin = weights[columns];
            for (int i = 0; i < values.Length; i++)
            {
                x[i] = values[i];
                margin += weights[i] * values[i];
            }

            double probability = 1 / (1 + Math.Exp(-margin));
            double residual = c * (probability - (labels[row] ? 1 : 0));
            double curvature = c * probability * (1 - probability);
            for (int i = 0; i < gradient.Length; i++)
            {
                gradient[i] += residual * x[i];
                var scaled = new Vector<double>(curvature * x[i]);
                Span<double> line = hessian.AsSpan(i * stride, stride);
                for (int j = 0; j <= i; j += Vector<double>.Count)
                    (new Vector<double>(line[j..]) + (scaled * new Vector<double>(x, j))).CopyTo(line[j..]);
            }
        }

        double[] sums = new double[size + (size * size)];
        gradient.CopyTo(sums, 0);
        for (int i = 0; i < size; i++)
            hessian.AsSpan(i * stride, i + 1).CopyTo(sums.AsSpan(size + (i * size)));
        return sums;
    }

    private double Margin(int row, double[] weights)
    {
        ReadOnlySpan<float> values = rows.AsSpan(row * columns, columns);
        double margin = weights[columns];
        for (int i = 0; i < values.Length; i++)
            margin += weights[i] * values[i];
        return margin;
    }

    private double Penalised(double[] weights)
    {
        double sum = 0;
        for (int i = 0; i < columns; i++)
            sum += weights[i] * weights[i];
        return sum;
    }

    // log(1 + e^x) without overflow.
    private static double SoftPlus(double x) => x > 0 ? x + Math.Log(1 + Math.Exp(-x)) : Math.Log(1 + Math.Exp(x));
}
