namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Grows a tree on weighted rows: at each node the split with the least weighted Gini impurity, at equal impurity the first column and lowest cut.</summary>
internal sealed class VotingTreeGrower(BinnedTable table, bool[] labels, int depth, int minRowsInLeaf, ParallelOptions parallel)
{
    private readonly record struct Split(double Purity, int Column, int Bin);

    /// <param name="votes">Filled with the tree's vote for every row.</param>
    internal VotingTree Grow(double[] weights, sbyte[] votes)
    {
        var nodes = new List<VotingTree.Node>();
        int[] all = new int[table.Rows];
        for (int row = 0; row < all.Length; row++)
            all[row] = row;
        GrowNode(all, depth, weights, votes, nodes);
        return new VotingTree(nodes, Say: 0);
    }

    private int GrowNode(int[] rows, int levels, double[] weights, sbyte[] votes, List<VotingTree.Node> nodes)
    {
        int place = nodes.Count;
        double cover = (double)rows.Length / table.Rows;
        nodes.Add(Leaf(rows, weights, votes, cover));
        if (levels == 0 || BestSplit(rows, weights) is not { Column: >= 0 } split)
            return place;

        (int[] left, int[] right) = Divide(rows, split);
        int leftPlace = GrowNode(left, levels - 1, weights, votes, nodes);
        int rightPlace = GrowNode(right, levels - 1, weights, votes, nodes);
        // Below the first cut only missing values go left.
        float threshold = split.Bin == 0 ? float.MinValue : table.Cuts[split.Column][split.Bin - 1];
        nodes[place] = new VotingTree.Node(split.Column, threshold, leftPlace, rightPlace, 0, cover);
        return place;
    }

    private VotingTree.Node Leaf(int[] rows, double[] weights, sbyte[] votes, double cover)
    {
        double balance = 0;
        foreach (int row in rows)
            balance += labels[row] ? weights[row] : -weights[row];
        sbyte vote = (sbyte)(balance > 0 ? 1 : -1);
        foreach (int row in rows)
            votes[row] = vote;
        return new VotingTree.Node(-1, 0, -1, -1, vote, cover);
    }

    private Split BestSplit(int[] rows, double[] weights)
    {
        var best = new Split[table.Columns];
        Parallel.For(0, table.Columns, parallel, column => best[column] = BestOf(column, rows, weights));
        // The sums of one column are made by one thread in row order, so the choice does not depend on the number of threads.
        return best.Aggregate(new Split(double.NegativeInfinity, -1, 0), (first, second) => second.Purity > first.Purity ? second : first);
    }

    private Split BestOf(int column, int[] rows, double[] weights)
    {
        int bins = table.Cuts[column].Length + 2;
        Span<double> positive = stackalloc double[BinnedTable.MaxCuts + 2];
        Span<double> negative = stackalloc double[BinnedTable.MaxCuts + 2];
        Span<int> counts = stackalloc int[BinnedTable.MaxCuts + 2];
        byte[] binOf = table.Bins[column];
        foreach (int row in rows)
        {
            byte bin = binOf[row];
            counts[bin]++;
            if (labels[row])
                positive[bin] += weights[row];
            else
                negative[bin] += weights[row];
        }

        (double allPositive, double allNegative) = (0, 0);
        for (int bin = 0; bin < bins; bin++)
        {
            allPositive += positive[bin];
            allNegative += negative[bin];
        }

        var best = new Split(Purity(allPositive, allNegative) + 1e-12, -1, 0);
        (double leftPositive, double leftNegative, int leftRows) = (0, 0, 0);
        for (int bin = 0; bin < bins - 1; bin++)
        {
            leftPositive += positive[bin];
            leftNegative += negative[bin];
            leftRows += counts[bin];
            if (counts[bin] == 0 || leftRows < minRowsInLeaf || rows.Length - leftRows < minRowsInLeaf)
                continue;
            double purity = Purity(leftPositive, leftNegative) + Purity(allPositive - leftPositive, allNegative - leftNegative);
            if (purity > best.Purity)
                best = new Split(purity, column, bin);
        }

        return best.Column < 0 ? best with { Purity = double.NegativeInfinity } : best;
    }

    // Weight × (1 − Gini impurity): more is purer.
    private static double Purity(double positive, double negative)
    {
        double total = positive + negative;
        return total <= 0 ? 0 : ((positive * positive) + (negative * negative)) / total;
    }

    private (int[] Left, int[] Right) Divide(int[] rows, Split split)
    {
        byte[] binOf = table.Bins[split.Column];
        int leftCount = rows.Count(row => binOf[row] <= split.Bin);
        int[] left = new int[leftCount];
        int[] right = new int[rows.Length - leftCount];
        (int l, int r) = (0, 0);
        foreach (int row in rows)
        {
            if (binOf[row] <= split.Bin)
                left[l++] = row;
            else
                right[r++] = row;
        }

        return (left, right);
    }
}
