using System.Numerics;

namespace EcomWorkflows.XGBoost.Trees;

/// <summary>
/// One tree without its branches: for every interval of every column it asks for, the set of leaves a row with such a value can reach, one bit per leaf. The sets of all columns have exactly one
/// leaf in common, the row's own, so nothing waits for an earlier comparison.
/// </summary>
/// <remarks>The idea of QuickScorer (Lucchese and others, 2015), by columns instead of nodes.</remarks>
internal sealed class LeafTable
{
    /// <summary>Leaves a set has room for.</summary>
    internal const int MostLeaves = 64;

    private const int ColumnsAtATime = 3;

    private readonly float[] _leaves;

    // Sets of one column after the other.
    private readonly ulong[] _sets;

    private LeafTable(int[] features, int[] starts, ulong[] sets, float[] leaves) => (Features, Starts, _sets, _leaves) = (features, starts, sets, leaves);

    /// <summary>Columns the tree asks for.</summary>
    internal int[] Features { get; }

    /// <summary>Where the sets of each of these columns begin.</summary>
    internal int[] Starts { get; }

    /// <returns>Null for a tree with too many leaves.</returns>
    internal static LeafTable? Of(DecisionTree tree, FeatureCuts[] cuts)
    {
        // Only what can be reached: a pruned tree keeps the nodes it lost.
        int[] nodes = [.. Below(0).Order()];
        int[] leaves = [.. nodes.Where(tree.IsLeaf)];
        if (leaves.Length > MostLeaves)
            return null;

        int[] features = [.. nodes.Where(node => !tree.IsLeaf(node)).Select(node => tree.Features[node]).Distinct().Order()];
        int[] starts = new int[features.Length];
        for (int i = 1; i < starts.Length; i++)
            starts[i] = starts[i - 1] + cuts[features[i - 1]].Intervals;
        ulong[] sets = new ulong[features.Length == 0 ? 0 : starts[^1] + cuts[features[^1]].Intervals];
        sets.AsSpan().Fill(ulong.MaxValue);
        Exclude(0);
        return new LeafTable(features, starts, sets, [.. leaves.Select(leaf => tree.Conditions[leaf])]);

        IEnumerable<int> Below(int node) => tree.IsLeaf(node) ? [node] : [node, .. Below(tree.Left[node]), .. Below(tree.Right[node])];

        // Takes from each interval's set what lies on the other side of the node; the result is what lies below it.
        ulong Exclude(int node)
        {
            if (tree.IsLeaf(node))
                return 1UL << Array.BinarySearch(leaves, node);
            ulong left = Exclude(tree.Left[node]);
            ulong right = Exclude(tree.Right[node]);
            FeatureCuts feature = cuts[tree.Features[node]];
            int from = feature.From(tree.Conditions[node]);
            Span<ulong> own = sets.AsSpan(starts[Array.BinarySearch(features, tree.Features[node])], feature.Intervals);
            own[FeatureCuts.Missing] &= ~(tree.MissingLeft[node] ? right : left);
            for (int interval = FeatureCuts.Missing + 1; interval < own.Length; interval++)
                own[interval] &= ~(interval < from ? right : left);
            return left | right;
        }
    }

    /// <summary>Adds each row's leaf to its sum.</summary>
    /// <param name="intervals">Of all columns of the model, column after column.</param>
    /// <param name="stride">From one column's intervals to the next one's.</param>
    /// <param name="reached">Room for one set per row.</param>
    internal unsafe void Add(ushort* intervals, int stride, int rows, ulong* reached, float* sums)
    {
        fixed (ulong* sets = _sets)
        fixed (float* leaves = _leaves)
        {
            int column = 0;
            for (; Features.Length - column > ColumnsAtATime; column += ColumnsAtATime)
                Intersect(Three(sets, intervals, stride, column), column == 0, rows, reached);
            if (Features.Length == 0)
                AddLeaf(rows, sums);
            else
                AddLeaves(Three(sets, intervals, stride, column), column == 0, rows, reached, leaves, sums);
        }
    }

    /// <summary>The next three columns, the last of them again where there are fewer: a set met twice is no smaller.</summary>
    private unsafe Columns Three(ulong* sets, ushort* intervals, int stride, int column)
    {
        int a = column;
        int b = Math.Min(column + 1, Features.Length - 1);
        int c = Math.Min(column + 2, Features.Length - 1);
        return new Columns
        {
            SetsA = sets + Starts[a], SetsB = sets + Starts[b], SetsC = sets + Starts[c],
            A = intervals + ((long)Features[a] * stride), B = intervals + ((long)Features[b] * stride), C = intervals + ((long)Features[c] * stride),
        };
    }

    // Pointers into locals first: the compiler keeps a structure of six in memory.
    // Three columns in one pass: reading and writing what is reached so far costs as much as a column.
    private static unsafe void Intersect(Columns of, bool first, int rows, ulong* reached)
    {
        ulong* setsA = of.SetsA;
        ulong* setsB = of.SetsB;
        ulong* setsC = of.SetsC;
        ushort* a = of.A;
        ushort* b = of.B;
        ushort* c = of.C;
        for (int row = 0; row < rows; row++)
        {
            ulong set = setsA[a[row]] & setsB[b[row]] & setsC[c[row]];
            reached[row] = first ? set : reached[row] & set;
        }
    }

    private static unsafe void AddLeaves(Columns of, bool first, int rows, ulong* reached, float* leaves, float* sums)
    {
        ulong* setsA = of.SetsA;
        ulong* setsB = of.SetsB;
        ulong* setsC = of.SetsC;
        ushort* a = of.A;
        ushort* b = of.B;
        ushort* c = of.C;
        if (first)
        {
            for (int row = 0; row < rows; row++)
                sums[row] += leaves[BitOperations.TrailingZeroCount(setsA[a[row]] & setsB[b[row]] & setsC[c[row]])];
        }
        else
        {
            for (int row = 0; row < rows; row++)
                sums[row] += leaves[BitOperations.TrailingZeroCount(reached[row] & setsA[a[row]] & setsB[b[row]] & setsC[c[row]])];
        }
    }

    private unsafe void AddLeaf(int rows, float* sums)
    {
        for (int row = 0; row < rows; row++)
            sums[row] += _leaves[0];
    }

    private unsafe struct Columns
    {
        internal ulong* SetsA;
        internal ulong* SetsB;
        internal ulong* SetsC;
        internal ushort* A;
        internal ushort* B;
        internal ushort* C;
    }
}
