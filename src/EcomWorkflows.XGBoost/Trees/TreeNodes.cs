namespace EcomWorkflows.XGBoost.Trees;

/// <summary>
/// The nodes of all trees, small and close together, for a few rows: those walk down tree by tree. The sets of a <see cref="LeafTable"/> are many times larger and pay only where enough rows use
/// them while they are in the cache.
/// </summary>
internal sealed class TreeNodes
{
    private const int Lanes = 4;

    private readonly Node[] _nodes;
    private readonly float[] _leaves;
    private readonly Root[] _roots;

    internal TreeNodes(IReadOnlyList<DecisionTree> trees)
    {
        var nodes = new List<Node>();
        var leaves = new List<float>();
        _roots = [.. trees.Select(tree => new Root(nodes.Count, Append(tree, nodes, leaves)))];
        (_nodes, _leaves) = ([.. nodes], [.. leaves]);
    }

    /// <summary>Adds the leaf the row reaches in each tree, in the order of the trees.</summary>
    /// <param name="values">Of one row.</param>
    internal unsafe float Add(float* values, float sum)
    {
        fixed (Node* nodes = _nodes)
        fixed (Root* roots = _roots)
        {
            int tree = 0;
            // Four at a time, for each waits for its own comparisons; added in the order of the trees, on which single-precision sums depend.
            for (; tree + Lanes <= _roots.Length; tree += Lanes)
            {
                Root* four = roots + tree;
                (int a, int b, int c, int d) = (four[0].Node, four[1].Node, four[2].Node, four[3].Node);
                int depth = Math.Max(Math.Max(four[0].Depth, four[1].Depth), Math.Max(four[2].Depth, four[3].Depth));
                for (int step = 0; step < depth; step++)
                    (a, b, c, d) = (Next(nodes + a, values), Next(nodes + b, values), Next(nodes + c, values), Next(nodes + d, values));
                sum = sum + _leaves[a] + _leaves[b] + _leaves[c] + _leaves[d];
            }

            for (; tree < _roots.Length; tree++)
            {
                int at = roots[tree].Node;
                for (int step = 0; step < roots[tree].Depth; step++)
                    at = Next(nodes + at, values);
                sum += _leaves[at];
            }
        }

        return sum;
    }

    // Without a branch, half of which would be foretold wrongly; a leaf leads to itself, so trees of any depth can take the same steps.
    private static unsafe int Next(Node* node, float* values)
    {
        float value = values[node->Feature];
        return node->Left + (Convert.ToInt32(value >= node->Condition) | (Convert.ToInt32(float.IsNaN(value)) & node->MissingRight));
    }

    /// <summary>Adds a tree's nodes, level by level; those it lost when it was pruned stay out.</summary>
    /// <returns>Levels below the root.</returns>
    private static int Append(DecisionTree tree, List<Node> nodes, List<float> leaves)
    {
        int depth = 0;
        int[] level = [0];
        while (true)
        {
            int next = nodes.Count + level.Length;
            foreach (int node in level)
            {
                if (tree.IsLeaf(node))
                    nodes.Add(new Node { Condition = float.NaN, Left = nodes.Count });
                else
                {
                    nodes.Add(new Node { Condition = tree.Conditions[node], Feature = tree.Features[node], MissingRight = tree.MissingLeft[node] ? 0 : 1, Left = next });
                    next += 2;
                }

                leaves.Add(tree.IsLeaf(node) ? tree.Conditions[node] : 0);
            }

            level = [.. level.Where(node => !tree.IsLeaf(node)).SelectMany(node => new[] { tree.Left[node], tree.Right[node] })];
            if (level.Length == 0)
                return depth;
            depth++;
        }
    }

    private readonly record struct Root(int Node, int Depth);

    private struct Node
    {
        /// <summary>What the value is compared with; NaN at a leaf, for nothing is at or above that.</summary>
        internal float Condition;

        internal int Feature;

        /// <summary>The node for values below the condition; the one for others comes after it. A leaf's own number at a leaf.</summary>
        internal int Left;

        /// <summary>1 where a missing value goes right.</summary>
        internal int MissingRight;
    }
}
