using System.Runtime.InteropServices;

namespace EcomWorkflows.XGBoost.Trees;

/// <summary>
/// Predicts with a model's trees as the library does, to the last bit, without asking it: the library's threads wait for each other at every block, and every tree waits for its own comparisons.
/// Immutable, and safe to use from several threads at once.
/// </summary>
public sealed unsafe class TreeEvaluator
{
    /// <summary>What is worked on at a time stays in the nearest cache.</summary>
    private const int BlockRows = 1_024;

    /// <summary>Fewer rows are not worth another thread.</summary>
    private const int RowsPerThread = 16_384;

    /// <summary>So few rows walk down the trees: they would fetch more of the tables than they use.</summary>
    private const int FewRows = 16;

    // A model with larger tables than these would be slower here than in the library.
    private const long MostTableBytes = 64L << 20;

    // Where e^x would leave single precision.
    private const float LargestExponent = 88.7f;

    private readonly FeatureCuts[] _cuts;
    private readonly LeafTable[] _tables;
    private readonly TreeNodes _nodes;
    private readonly float _baseMargin;
    private readonly int[] _used;

    private TreeEvaluator(FeatureCuts[] cuts, LeafTable[] tables, TreeNodes nodes, float baseMargin)
    {
        (_cuts, _tables, _nodes, _baseMargin) = (cuts, tables, nodes, baseMargin);
        _used = [.. tables.SelectMany(table => table.Features).Distinct().Order()];
    }

    /// <returns>Null for a model it cannot evaluate: anything but a sum of trees with <c>binary:logistic</c>, trees with more than 64 leaves, or very many of them. The library predicts with those.</returns>
    public static TreeEvaluator? Of(Booster booster)
    {
        ArgumentNullException.ThrowIfNull(booster);
        return TreeModel.Parse(booster.Save(ModelFormat.Json)) is { } model ? Of(model) : null;
    }

    private static TreeEvaluator? Of(TreeModel model)
    {
        ILookup<int, float> conditions = model.Trees
            .SelectMany(tree => Enumerable.Range(0, tree.Nodes).Where(node => !tree.IsLeaf(node)).Select(node => (Feature: tree.Features[node], Condition: tree.Conditions[node])))
            .ToLookup(split => split.Feature, split => split.Condition);
        FeatureCuts[] cuts = [.. Enumerable.Range(0, model.Features).Select(feature => new FeatureCuts(conditions[feature]))];
        if (cuts.Any(feature => feature.Intervals > ushort.MaxValue) || model.Trees.Count * cuts.Sum(feature => (long)feature.Intervals) * sizeof(ulong) > MostTableBytes)
            return null;

        LeafTable?[] tables = [.. model.Trees.Select(tree => LeafTable.Of(tree, cuts))];
        return Array.Exists(tables, table => table is null) ? null : new TreeEvaluator(cuts, tables!, new TreeNodes(model.Trees), model.BaseMargin);
    }

    /// <summary>Probability of the positive label for each row.</summary>
    /// <param name="values">Rows × columns numbers, row after row; NaN is missing.</param>
    /// <param name="threads">At most so many take part.</param>
    /// <exception cref="ArgumentException">The lengths do not fit the model's columns and each other.</exception>
    public void Predict(ReadOnlySpan<float> values, int rows, Span<float> probabilities, int threads = 1)
    {
        if (values.Length != (long)rows * _cuts.Length || probabilities.Length != rows)
        {
            throw new ArgumentException(
                $"{rows} rows of the model's {_cuts.Length} columns need {(long)rows * _cuts.Length} values and room for {rows} probabilities, got {values.Length} and {probabilities.Length}.", nameof(values));
        }

        fixed (float* from = values, to = probabilities)
        {
            if (rows <= FewRows)
            {
                for (int row = 0; row < rows; row++)
                    to[row] = Probability(_nodes.Add(from + ((long)row * _cuts.Length), _baseMargin));
                return;
            }

            nint source = (nint)from;
            nint target = (nint)to;
            int parts = Math.Clamp(rows / RowsPerThread, 1, Math.Max(1, threads));
            if (parts == 1)
                PredictPart(from, rows, to);
            else
                Parallel.For(0, parts, part =>
                {
                    long first = (long)rows * part / parts;
                    long end = (long)rows * (part + 1) / parts;
                    PredictPart((float*)source + (first * _cuts.Length), (int)(end - first), (float*)target + first);
                });
        }
    }

    private void PredictPart(float* values, int rows, float* probabilities)
    {
        int block = Math.Min(rows, BlockRows);
        ushort* intervals = (ushort*)NativeMemory.Alloc((nuint)_cuts.Length * (nuint)block, sizeof(ushort));
        ulong* reached = (ulong*)NativeMemory.Alloc((nuint)block, sizeof(ulong));
        try
        {
            for (int first = 0; first < rows; first += block)
            {
                int count = Math.Min(block, rows - first);
                PredictBlock(values + ((long)first * _cuts.Length), count, block, intervals, reached, probabilities + first);
            }
        }
        finally
        {
            NativeMemory.Free(intervals);
            NativeMemory.Free(reached);
        }
    }

    private void PredictBlock(float* values, int rows, int stride, ushort* intervals, ulong* reached, float* sums)
    {
        foreach (int feature in _used)
            _cuts[feature].Find(values + feature, _cuts.Length, rows, intervals + ((long)feature * stride));
        // In the library's order, for single-precision sums depend on it.
        new Span<float>(sums, rows).Fill(_baseMargin);
        foreach (LeafTable table in _tables)
            table.Add(intervals, stride, rows, reached, sums);
        for (int row = 0; row < rows; row++)
            sums[row] = Probability(sums[row]);
    }

    private static float Probability(float margin) => 1 / (MathF.Exp(Math.Min(-margin, LargestExponent)) + 1);
}
