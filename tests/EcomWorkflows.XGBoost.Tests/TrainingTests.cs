using Shouldly;
using Xunit;

namespace EcomWorkflows.XGBoost.Tests;

public sealed class TrainingTests : IDisposable
{
    private readonly TrainingData _data = TrainingData.Make();
    private readonly DMatrix _matrix;

    public TrainingTests() => _matrix = _data.ToMatrix();

    public void Dispose() => _matrix.Dispose();

    [Fact]
    public void Every_round_lowers_the_training_loss()
    {
        using Booster booster = TrainingData.Train(_matrix, rounds: 0);
        var losses = new List<double>();
        for (int round = 0; round < 5; round++)
        {
            booster.Update(round, _matrix);
            losses.Add(booster.Evaluate(round, (_matrix, "train")).Single().Value);
        }

        losses.ShouldBe(losses.OrderDescending());
        booster.BoostedRounds.ShouldBe(5);
        booster.FeatureCount.ShouldBe(TrainingData.Columns);
    }

    [Fact]
    public void Evaluation_gives_every_metric_of_every_set_by_name()
    {
        using Booster booster = TrainingData.Train(_matrix, 3, new Dictionary<string, string> { ["eval_metric"] = "auc" });
        booster.SetParameter("eval_metric", "logloss");

        booster.Evaluate(2, (_matrix, "train"), (_matrix, "train-again")).Select(value => (value.Data, value.Metric)).ShouldBe(
            [("train", "auc"), ("train", "logloss"), ("train-again", "auc"), ("train-again", "logloss")]);
    }

    [Fact]
    public void The_same_seed_gives_the_same_model_bytes_whatever_the_threads()
    {
        byte[] Bytes(string threads)
        {
            using Booster booster = TrainingData.Train(_matrix, 10, new Dictionary<string, string> { ["nthread"] = threads });
            return booster.Save(ModelFormat.Ubj);
        }

        byte[] first = Bytes("1");
        Bytes("1").ShouldBe(first);
        Bytes("2").ShouldBe(first);
    }

    [Fact]
    public void An_objective_of_the_callers_own_is_boosted_from_its_derivatives()
    {
        using Booster booster = TrainingData.Train(_matrix, 0, new Dictionary<string, string> { ["objective"] = "reg:squarederror", ["base_score"] = "0" });
        float[] ones = new float[_data.Rows];
        Array.Fill(ones, 1f);
        for (int round = 0; round < 20; round++)
        {
            float[] predicted = booster.BoostedRounds == 0 ? new float[_data.Rows] : booster.Predict(_matrix).Values;
            booster.Update(_matrix, [.. predicted.Zip(_data.Labels, (p, y) => p - y)], ones);
        }

        double error = booster.Predict(_matrix).Values.Zip(_data.Labels, (p, y) => (double)(p - y) * (p - y)).Average();
        error.ShouldBeLessThan(0.1);
    }

    [Fact]
    public void An_unknown_objective_is_named_by_the_first_update()
    {
        using Booster booster = TrainingData.Train(_matrix, 0, new Dictionary<string, string> { ["objective"] = "binary:logistics" });
        XGBoostException failure = Should.Throw<XGBoostException>(() => booster.Update(0, _matrix));

        failure.Function.ShouldBe("XGBoosterUpdateOneIter");
        failure.Message.ShouldContain("binary:logistics");
        failure.Message.ShouldNotContain("Stack trace");
    }

    [Fact]
    public void A_metric_name_that_cannot_be_parsed_back_is_refused()
    {
        using Booster booster = TrainingData.Train(_matrix, 1);
        Should.Throw<ArgumentException>(() => booster.Evaluate(0, (_matrix, "a:b")));
        Should.Throw<ArgumentException>(() => booster.Evaluate(0, (_matrix, "a"), (_matrix, "a")));
    }

    [Fact]
    public void Derivatives_for_other_rows_than_the_matrix_has_are_refused()
    {
        using Booster booster = TrainingData.Train(_matrix, 0);
        Should.Throw<ArgumentException>(() => booster.Update(_matrix, [1, 2, 3], [1, 1, 1])).Message.ShouldContain("400 rows");
    }

    [Fact]
    public void A_booster_outlives_the_matrix_it_was_created_with()
    {
        DMatrix own = _data.ToMatrix();
        using Booster booster = TrainingData.Train(own, 2);
        own.Dispose();

        booster.Predict(_matrix).Rows.ShouldBe(_data.Rows);
        Should.Throw<ObjectDisposedException>(() => booster.Update(2, own));
        Should.Throw<ObjectDisposedException>(() => booster.Evaluate(2, (_matrix, "good"), (own, "gone")));
    }

    [Fact]
    public void A_disposed_booster_says_so()
    {
        Booster booster = TrainingData.Train(_matrix, 1);
        booster.Dispose();

        Should.Throw<ObjectDisposedException>(() => booster.Predict(_matrix)).ObjectName.ShouldContain("Booster");
        Should.Throw<ObjectDisposedException>(() => booster.Save(ModelFormat.Json));
        Should.Throw<ObjectDisposedException>(() => booster.Update(1, _matrix));
        Should.NotThrow(booster.Dispose);
    }
}
