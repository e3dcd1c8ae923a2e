namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>A shallow tree whose leaves vote +1 (positive) or −1.</summary>
/// <param name="Nodes">The root first.</param>
/// <param name="Say">What its vote counts.</param>
internal sealed record VotingTree(IReadOnlyList<VotingTree.Node> Nodes, double Say)
{
    /// <summary>Deepest tree allowed: explaining a row tries all subsets of a tree's features, at most seven.</summary>
    internal const int MaxDepth = 3;

    /// <param name="Feature">Column of the split; −1 in a leaf.</param>
    /// <param name="Threshold">Rows go left when the value is missing or below this.</param>
    /// <param name="Cover">Share of the training rows that reached the node.</param>
    internal sealed record Node(int Feature, float Threshold, int Left, int Right, int Vote, double Cover)
    {
        internal bool IsLeaf => Feature < 0;
    }

    internal int Vote(ReadOnlySpan<float> row)
    {
        Node node = Nodes[0];
        while (!node.IsLeaf)
            node = Nodes[GoesLeft(node, row) ? node.Left : node.Right];
        return node.Vote;
    }

    /// <summary>Adds the Shapley value of each feature's part in this tree's vote, by its definition: the mean over all orders of making features known.</summary>
    /// <param name="values">One number per feature, added to.</param>
    /// <returns>The vote expected with nothing known.</returns>
    internal double AddShapley(ReadOnlySpan<float> row, Span<double> values)
    {
        int[] features = [.. Nodes.Where(node => !node.IsLeaf).Select(node => node.Feature).Distinct()];
        double[] worth = new double[1 << features.Length];
        for (int known = 0; known < worth.Length; known++)
            worth[known] = Say * Expected(Nodes[0], row, features, known);

        for (int i = 0; i < features.Length; i++)
        {
            double sum = 0;
            for (int known = 0; known < worth.Length; known++)
            {
                if ((known & (1 << i)) == 0)
                    sum += OrderShare(System.Numerics.BitOperations.PopCount((uint)known), features.Length) * (worth[known | (1 << i)] - worth[known]);
            }

            values[features[i]] += sum;
        }

        return worth[0];
    }

    // The share of orders in which exactly a given set of this size comes before the feature: size! (n − size − 1)! / n!.
    private static double OrderShare(int size, int features)
    {
        double share = 1.0 / features;
        for (int i = 1; i <= size; i++)
            share *= (double)i / (features - i);
        return share;
    }

    private double Expected(Node node, ReadOnlySpan<float> row, int[] features, int known)
    {
        if (node.IsLeaf)
            return node.Vote;
        Node left = Nodes[node.Left];
        Node right = Nodes[node.Right];
        if ((known & (1 << Array.IndexOf(features, node.Feature))) != 0)
            return Expected(GoesLeft(node, row) ? left : right, row, features, known);
        return ((left.Cover * Expected(left, row, features, known)) + (right.Cover * Expected(right, row, features, known))) / (left.Cover + right.Cover);
    }

    private static bool GoesLeft(Node node, ReadOnlySpan<float> row)
    {
        float value = row[node.Feature];
        return float.IsNaN(value) || value < node.Threshold;
    }
}
