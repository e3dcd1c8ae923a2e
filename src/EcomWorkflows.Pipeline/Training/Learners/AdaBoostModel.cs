namespace EcomWorkflows.Pipeline.Training.Learners;

/// <summary>Trees that vote, and the logistic curve that turns the sum of votes into a probability.</summary>
public sealed class AdaBoostModel : FittedModel
{
    public const string FlavorName = "ecom_adaboost";

    internal const string FileName = "model.json";

    private readonly VotingTree[] _trees;
    private readonly double _slope;
    private readonly double _intercept;

    internal AdaBoostModel(IReadOnlyList<string> names, IReadOnlyList<VotingTree> trees, double slope, double intercept)
    {
        FeatureNames = names;
        (_trees, _slope, _intercept) = ([.. trees], slope, intercept);
    }

    public override string Learner => AdaBoostLearner.LearnerName;

    public override IReadOnlyList<string> FeatureNames { get; }

    public int Trees => _trees.Length;

    public override void Predict(ReadOnlySpan<float> values, int rows, Span<float> probabilities)
    {
        int columns = FeatureNames.Count;
        for (int row = 0; row < rows; row++)
        {
            ReadOnlySpan<float> x = values.Slice(row * columns, columns);
            double votes = 0;
            foreach (VotingTree tree in _trees)
                votes += tree.Say * tree.Vote(x);
            probabilities[row] = (float)(1 / (1 + Math.Exp(-(_intercept + (_slope * votes)))));
        }
    }

    /// <remarks>Exact Shapley values of the sum of votes; some thousand rows per second.</remarks>
    public override float[] Contributions(FeatureTable table)
    {
        RequireColumns(table.Names);
        int width = table.Columns + 1;
        float[] contributions = new float[table.Rows * width];
        double[] sums = new double[table.Columns];
        for (int row = 0; row < table.Rows; row++)
        {
            Array.Clear(sums);
            double expected = 0;
            foreach (VotingTree tree in _trees)
                expected += tree.AddShapley(table.Row(row), sums);
            Span<float> target = contributions.AsSpan(row * width, width);
            for (int column = 0; column < sums.Length; column++)
                target[column] = (float)(_slope * sums[column]);
            target[^1] = (float)(_intercept + (_slope * expected));
        }

        return contributions;
    }

    public override ModelFlavor Save(string folder)
    {
        ModelJson.Write(Path.Combine(folder, FileName), new Document(1, AdaBoostLearner.LearnerName, FeatureNames, _slope, _intercept, _trees));
        return new ModelFlavor(FlavorName, FileName, new Dictionary<string, string> { ["format_version"] = "1" });
    }

    /// <exception cref="InvalidDataException">The file is truncated, not such a model, or its trees do not hang together.</exception>
    public static AdaBoostModel Load(string path)
    {
        Document document = ModelJson.Read<Document>(path, "AdaBoost model");
        if (document is not { FormatVersion: 1, Learner: AdaBoostLearner.LearnerName, Features: { Count: > 0 } features, Trees: { Count: > 0 } trees }
            || !trees.All(tree => IsTree(tree, features.Count)))
        {
            throw new InvalidDataException($"'{path}' is not an AdaBoost model of format version 1.");
        }

        return new AdaBoostModel(features, trees, document.Slope, document.Intercept);
    }

    // Children come after their parent, so following them ends.
    private static bool IsTree(VotingTree tree, int features) => tree is { Nodes.Count: > 0 }
        && tree.Nodes.Index().All(entry => entry.Item.IsLeaf
            || (entry.Item.Feature < features && Follows(entry.Item.Left, entry.Index, tree) && Follows(entry.Item.Right, entry.Index, tree)));

    private static bool Follows(int child, int parent, VotingTree tree) => child > parent && child < tree.Nodes.Count;

    private sealed record Document(
        int FormatVersion, string? Learner, IReadOnlyList<string>? Features, double Slope, double Intercept, IReadOnlyList<VotingTree>? Trees);
}
