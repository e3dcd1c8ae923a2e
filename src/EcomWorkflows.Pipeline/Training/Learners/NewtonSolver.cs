using MathNet.Numerics.LinearAlgebra;

namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Newton's method with step halving, for a strictly convex objective of few dimensions.</summary>
internal static class NewtonSolver
{
    private const int MaximumSteps = 100;

    /// <summary>Stops when half the squared Newton decrement, the decrease still to be had, is below this share of the value.</summary>
    private const double Tolerance = 1e-10;

    /// <param name="start">Where to begin: the nearer to the optimum, the fewer steps; the optimum is the same from anywhere.</param>
    internal static double[] Minimise(LogisticObjective objective, double[] start, CancellationToken cancellationToken)
    {
        double[] weights = start;
        double value = objective.Value(weights);
        for (int step = 0; step < MaximumSteps; step++)
        {
            cancellationToken.ThrowIfCancellationRequested();
            (double[] gradient, double[] hessian) = objective.Derivatives(weights);
            Vector<double> direction = Solve(hessian, gradient);
            double decrement = direction * Vector<double>.Build.Dense(gradient);
            if (decrement / 2 <= Tolerance * Math.Max(1, value))
                return Step(weights, direction, 1);

            (weights, double next) = Descend(objective, weights, value, direction, decrement);
            if (next >= value)
                return weights;
            value = next;
        }

        return weights;
    }

    private static (double[] Weights, double Value) Descend(
        LogisticObjective objective, double[] weights, double value, Vector<double> direction, double decrement)
    {
        for (double length = 1; length > 1e-6; length /= 2)
        {
            double[] candidate = Step(weights, direction, length);
            double next = objective.Value(candidate);
            if (next <= value - (1e-4 * length * decrement))
                return (candidate, next);
        }

        return (weights, value);
    }

    private static double[] Step(double[] weights, Vector<double> direction, double length)
    {
        double[] moved = new double[weights.Length];
        for (int i = 0; i < moved.Length; i++)
            moved[i] = weights[i] - (length * direction[i]);
        return moved;
    }

    private static Vector<double> Solve(double[] lowerTriangle, double[] gradient)
    {
        int size = gradient.Length;
        Matrix<double> hessian = Matrix<double>.Build.Dense(size, size, (i, j) => lowerTriangle[(Math.Max(i, j) * size) + Math.Min(i, j)]);
        return hessian.Cholesky().Solve(Vector<double>.Build.Dense(gradient));
    }
}
