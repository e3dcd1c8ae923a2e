namespace EcomWorkflows.XGBoost.Trees;

/// <summary>A binary tree as the model file has it: node by node, the root first.</summary>
/// <param name="Left">The node for values below the condition; −1 at a leaf.</param>
/// <param name="Right">The node for the other values.</param>
/// <param name="Features">The column a node asks for.</param>
/// <param name="Conditions">What the value is compared with; at a leaf the leaf's own value.</param>
/// <param name="MissingLeft">Where a missing value goes.</param>
internal sealed record DecisionTree(int[] Left, int[] Right, int[] Features, float[] Conditions, bool[] MissingLeft)
{
    internal int Nodes => Left.Length;

    internal bool IsLeaf(int node) => Left[node] < 0;
}
