using System.Globalization;
using System.Text.Json;

namespace EcomWorkflows.XGBoost.Trees;

/// <summary>The trees of a model file in JSON form whose sum is the log-odds of one label.</summary>
internal sealed record TreeModel(int Features, float BaseMargin, IReadOnlyList<DecisionTree> Trees)
{
    /// <returns>Null for a model of another kind: DART, a linear one, another objective, several outputs, or splits by category.</returns>
    internal static TreeModel? Parse(ReadOnlyMemory<byte> json)
    {
        using JsonDocument document = JsonDocument.Parse(json, new JsonDocumentOptions { MaxDepth = 64 });
        JsonElement learner = document.RootElement.GetProperty("learner");
        JsonElement booster = learner.GetProperty("gradient_booster");
        JsonElement parameters = learner.GetProperty("learner_model_param");
        if (booster.GetProperty("name").GetString() != "gbtree"
            || learner.GetProperty("objective").GetProperty("name").GetString() != "binary:logistic"
            || Number(parameters, "num_class") > 1
            || Number(parameters, "num_target") > 1
            || Number(booster.GetProperty("model").GetProperty("gbtree_model_param"), "size_leaf_vector") > 1
            || !float.TryParse(parameters.GetProperty("base_score").GetString()!.Trim('[', ']'), CultureInfo.InvariantCulture, out float baseScore))
        {
            return null;
        }

        var trees = new List<DecisionTree>();
        foreach (JsonElement tree in booster.GetProperty("model").GetProperty("trees").EnumerateArray())
        {
            if (tree.TryGetProperty("split_type", out JsonElement types) && types.EnumerateArray().Any(type => type.GetInt32() != 0))
                return null;
            trees.Add(new DecisionTree(
                [.. tree.GetProperty("left_children").EnumerateArray().Select(node => node.GetInt32())],
                [.. tree.GetProperty("right_children").EnumerateArray().Select(node => node.GetInt32())],
                [.. tree.GetProperty("split_indices").EnumerateArray().Select(feature => feature.GetInt32())],
                [.. tree.GetProperty("split_conditions").EnumerateArray().Select(condition => condition.GetSingle())],
                [.. tree.GetProperty("default_left").EnumerateArray().Select(IsTrue)]));
        }

        return new TreeModel((int)Number(parameters, "num_feature"), -MathF.Log((1 / baseScore) - 1), trees);
    }

    // Numbers are texts there; versions before 1.7 have no targets.
    private static long Number(JsonElement parameters, string name) =>
        parameters.TryGetProperty(name, out JsonElement text) ? long.Parse(text.GetString()!, CultureInfo.InvariantCulture) : 0;

    private static bool IsTrue(JsonElement flag) => flag.ValueKind == JsonValueKind.Number ? flag.GetInt32() != 0 : flag.GetBoolean();
}
