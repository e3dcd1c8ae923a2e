using EcomWorkflows.XGBoost.Trees;
using Shouldly;
using Xunit;

namespace EcomWorkflows.XGBoost.Tests;

public sealed class TreeEvaluatorTests
{
    private const int Rows = 3_000;

    public static TheoryData<int, string, string, string> Models()
    {
        var models = new TheoryData<int, string, string, string>();
        foreach (int depth in (int[])[1, 3, 5, 6])
        {
            models.Add(depth, "hist", "0.5", "1");
            models.Add(depth, "exact", "0.13", "1");
            models.Add(depth, "hist", "0.9", "4");
        }

        return models;
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void It_predicts_what_the_library_predicts_to_the_last_bit(int depth, string method, string baseScore, string parallelTrees)
    {
        TrainingData data = WithTiesAndGaps(seed: depth);
        using DMatrix matrix = data.ToMatrix();
        using Booster booster = TrainingData.Train(matrix, 30, new Dictionary<string, string>
        {
            ["max_depth"] = $"{depth}", ["tree_method"] = method, ["base_score"] = baseScore, ["num_parallel_tree"] = parallelTrees, ["min_child_weight"] = "0.1",
        });
        TreeEvaluator evaluator = TreeEvaluator.Of(booster).ShouldNotBeNull();
        // Other rows than it learned from, with values on both sides of everything it saw.
        TrainingData asked = WithTiesAndGaps(seed: 1_000 + depth);
        (asked.Values[0], asked.Values[1], asked.Values[7]) = (float.PositiveInfinity, float.NegativeInfinity, -0f);

        foreach (int threads in (int[])[1, 3])
        {
            float[] probabilities = new float[Rows];
            evaluator.Predict(asked.Values, Rows, probabilities, threads);
            probabilities.ShouldBe(booster.PredictDense(asked.Values, Rows, TrainingData.Columns).Values);
        }
    }

    [Theory]
    [MemberData(nameof(Models))]
    public void A_row_alone_and_a_few_together_get_what_they_get_in_the_table(int depth, string method, string baseScore, string parallelTrees)
    {
        TrainingData data = WithTiesAndGaps(seed: depth);
        using DMatrix matrix = data.ToMatrix();
        using Booster booster = TrainingData.Train(matrix, 31, new Dictionary<string, string>
        {
            ["max_depth"] = $"{depth}", ["tree_method"] = method, ["base_score"] = baseScore, ["num_parallel_tree"] = parallelTrees, ["min_child_weight"] = "0.1", ["gamma"] = "0.05",
        });
        TrainingData asked = WithTiesAndGaps(seed: 1_000 + depth);
        (asked.Values[0], asked.Values[1], asked.Values[7]) = (float.PositiveInfinity, float.NegativeInfinity, -0f);

        float[] expected = booster.PredictDense(asked.Values, Rows, TrainingData.Columns).Values;

        foreach (int few in (int[])[1, 5, 16, 17])
            ByFew(TreeEvaluator.Of(booster).ShouldNotBeNull(), asked, few).ShouldBe(expected[..(Rows / few * few)], $"{few} rows at a time");
    }

    [Fact]
    public void Trees_that_grow_on_one_side_are_walked_to_their_end()
    {
        TrainingData data = WithTiesAndGaps(seed: 6);
        using DMatrix matrix = data.ToMatrix();
        using Booster booster = TrainingData.Train(matrix, 7, new Dictionary<string, string>
        {
            ["grow_policy"] = "lossguide", ["max_depth"] = "0", ["max_leaves"] = "40", ["min_child_weight"] = "0.01", ["lambda"] = "0",
        });

        ByFew(TreeEvaluator.Of(booster).ShouldNotBeNull(), data, 1).ShouldBe(booster.Predict(matrix).Values);
    }

    [Fact]
    public void A_large_table_is_shared_among_threads_with_the_same_result()
    {
        TrainingData data = WithTiesAndGaps(seed: 5, rows: 100_001);
        using DMatrix matrix = data.ToMatrix();
        using Booster booster = TrainingData.Train(matrix, 5);
        TreeEvaluator evaluator = TreeEvaluator.Of(booster).ShouldNotBeNull();
        float[] probabilities = new float[data.Rows];

        evaluator.Predict(data.Values, data.Rows, probabilities, threads: 4);

        probabilities.ShouldBe(booster.Predict(matrix).Values);
    }

    [Fact]
    public void A_model_read_from_a_file_predicts_as_before()
    {
        TrainingData data = WithTiesAndGaps(seed: 3);
        using DMatrix matrix = data.ToMatrix();
        using Booster booster = TrainingData.Train(matrix);
        using Booster loaded = Booster.Load(booster.Save(ModelFormat.Ubj));
        float[] probabilities = new float[Rows];

        TreeEvaluator.Of(loaded).ShouldNotBeNull().Predict(data.Values, Rows, probabilities);

        probabilities.ShouldBe(booster.Predict(matrix).Values);
    }

    [Fact]
    public void A_single_leaf_is_a_constant()
    {
        TrainingData data = WithTiesAndGaps(seed: 4);
        using DMatrix matrix = data.ToMatrix();
        using Booster booster = TrainingData.Train(matrix, 2, new Dictionary<string, string> { ["gamma"] = "1e9" });
        float[] probabilities = new float[Rows];

        TreeEvaluator evaluator = TreeEvaluator.Of(booster).ShouldNotBeNull();
        evaluator.Predict(data.Values, Rows, probabilities);

        probabilities.ShouldBe(booster.Predict(matrix).Values);
        ByFew(evaluator, data, 1).ShouldBe(probabilities);
    }

    [Theory]
    [InlineData("booster", "dart")]
    [InlineData("booster", "gblinear")]
    [InlineData("objective", "reg:squarederror")]
    [InlineData("max_depth", "12")]
    public void Other_models_are_left_to_the_library(string parameter, string value)
    {
        TrainingData data = WithTiesAndGaps(seed: 2);
        using DMatrix matrix = data.ToMatrix();
        using Booster booster = TrainingData.Train(matrix, 3, new Dictionary<string, string> { ["min_child_weight"] = "0.01", ["lambda"] = "0", [parameter] = value });

        TreeEvaluator.Of(booster).ShouldBeNull();
    }

    [Fact]
    public void Several_classes_are_left_to_the_library()
    {
        TrainingData data = WithTiesAndGaps(seed: 2);
        using DMatrix matrix = data.ToMatrix();
        matrix.SetLabels([.. Enumerable.Range(0, data.Rows).Select(row => (float)(row % 3))]);
        using Booster booster = TrainingData.Train(matrix, 2, new Dictionary<string, string> { ["objective"] = "multi:softprob", ["num_class"] = "3" });

        TreeEvaluator.Of(booster).ShouldBeNull();
    }

    [Fact]
    public void Lengths_that_do_not_fit_are_refused()
    {
        TrainingData data = WithTiesAndGaps(seed: 2);
        using DMatrix matrix = data.ToMatrix();
        using Booster booster = TrainingData.Train(matrix);
        TreeEvaluator evaluator = TreeEvaluator.Of(booster).ShouldNotBeNull();

        Should.Throw<ArgumentException>(() => evaluator.Predict(data.Values.AsSpan(1), Rows, new float[Rows])).Message.ShouldContain("5 columns");
        Should.Throw<ArgumentException>(() => evaluator.Predict(data.Values, Rows, new float[Rows - 1]));
    }

    /// <summary>Predictions of so many rows at a time, as far as there are that many.</summary>
    private static float[] ByFew(TreeEvaluator evaluator, TrainingData data, int rows)
    {
        float[] probabilities = new float[data.Rows / rows * rows];
        for (int first = 0; first < probabilities.Length; first += rows)
            evaluator.Predict(data.Values.AsSpan(first * TrainingData.Columns, rows * TrainingData.Columns), rows, probabilities.AsSpan(first, rows));
        return probabilities;
    }

    /// <summary>Values of few kinds, so that many lie exactly on a split, and some missing.</summary>
    private static TrainingData WithTiesAndGaps(int seed, int rows = Rows)
    {
        TrainingData data = TrainingData.Make(rows, seed);
        var random = new Random(seed);
        for (int i = 0; i < data.Values.Length; i++)
        {
            float value = (i % TrainingData.Columns) switch { 0 => data.Values[i], 1 => MathF.Round(data.Values[i] * 20) - 10, _ => MathF.Round(data.Values[i] * 400) / 7 };
            data.Values[i] = random.Next(12) == 0 ? float.NaN : value;
        }

        return data;
    }
}
