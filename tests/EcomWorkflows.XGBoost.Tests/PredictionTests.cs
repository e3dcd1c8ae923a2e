using Shouldly;
using Xunit;

namespace EcomWorkflows.XGBoost.Tests;

public sealed class PredictionTests : IDisposable
{
    private readonly TrainingData _data = TrainingData.Make();
    private readonly DMatrix _matrix;
    private readonly Booster _booster;

    public PredictionTests()
    {
        _matrix = _data.ToMatrix();
        _booster = TrainingData.Train(_matrix);
    }

    public void Dispose()
    {
        _booster.Dispose();
        _matrix.Dispose();
    }

    [Fact]
    public void Values_are_the_logistic_of_margins()
    {
        float[] margins = _booster.Predict(_matrix, PredictionKind.Margin).Values;
        float[] values = _booster.Predict(_matrix).Values;

        values.Length.ShouldBe(_data.Rows);
        for (int i = 0; i < values.Length; i++)
            values[i].ShouldBe(1 / (1 + MathF.Exp(-margins[i])), 1e-6f);
    }

    [Fact]
    public void Shap_contributions_and_bias_sum_to_the_margin()
    {
        float[] margins = _booster.Predict(_matrix, PredictionKind.Margin).Values;
        Prediction shap = _booster.Predict(_matrix, PredictionKind.Contributions);

        shap.Shape.ShouldBe([_data.Rows, 1, TrainingData.Columns + 1]);
        for (int row = 0; row < shap.Rows; row++)
            shap.Row(row).ToArray().Sum().ShouldBe(margins[row], 1e-4f);
    }

    [Fact]
    public void Interactions_sum_to_contributions()
    {
        using DMatrix few = _matrix.Slice([0, 1, 2]);
        Prediction shap = _booster.Predict(few, PredictionKind.Contributions);
        Prediction pairs = _booster.Predict(few, PredictionKind.Interactions);

        const int Side = TrainingData.Columns + 1;
        pairs.Shape.ShouldBe([3, 1, Side, Side]);
        for (int row = 0; row < 3; row++)
        {
            for (int feature = 0; feature < Side; feature++)
                pairs.Row(row).Slice(feature * Side, Side).ToArray().Sum().ShouldBe(shap.Row(row)[feature], 1e-4f);
        }
    }

    [Fact]
    public void Leaves_are_given_per_tree() => _booster.Predict(_matrix, PredictionKind.Leaf).Shape[1].ShouldBe(10);

    [Fact]
    public void In_place_and_matrix_predictions_are_identical()
    {
        float[] expected = _booster.Predict(_matrix).Values;
        float[] destination = new float[_data.Rows];
        _booster.PredictDense(_data.Values, _data.Rows, TrainingData.Columns, destination);

        destination.ShouldBe(expected);
        _booster.PredictDense(_data.Values, _data.Rows, TrainingData.Columns).Values.ShouldBe(expected);
    }

    [Fact]
    public void Fewer_rounds_can_be_asked_for_and_equal_a_sliced_model()
    {
        using Booster firstThree = _booster.Slice(0, 3);

        _booster.Predict(_matrix, rounds: ..3).Values.ShouldBe(firstThree.Predict(_matrix).Values);
        _booster.PredictDense(_data.Values, _data.Rows, TrainingData.Columns, rounds: ..3).Values.ShouldBe(firstThree.Predict(_matrix).Values);
        Should.Throw<ArgumentOutOfRangeException>(() => _booster.Predict(_matrix, rounds: 3..11)).Message.ShouldContain("0..10");
    }

    [Fact]
    public void Multi_class_models_give_a_probability_per_class()
    {
        using DMatrix matrix = _data.ToMatrix();
        matrix.SetLabels([.. Enumerable.Range(0, _data.Rows).Select(row => (float)(row % 3))]);
        using Booster booster = TrainingData.Train(matrix, 2, new Dictionary<string, string> { ["objective"] = "multi:softprob", ["num_class"] = "3" });
        Prediction prediction = booster.Predict(matrix);

        prediction.Shape.ShouldBe([_data.Rows, 3]);
        prediction.Row(0).ToArray().Sum().ShouldBe(1, 1e-5f);
        Should.Throw<ArgumentException>(() => booster.PredictDense(_data.Values, _data.Rows, TrainingData.Columns, new float[_data.Rows]));
    }

    [Fact]
    public void Another_number_of_columns_is_refused()
    {
        using DMatrix narrow = DMatrix.FromDense([1, 2, 3, 4], rows: 2, columns: 2);
        Should.Throw<XGBoostException>(() => _booster.Predict(narrow)).Message.ShouldContain("trained on 5 columns, the matrix has 2");
        Should.Throw<XGBoostException>(() => _booster.PredictDense([1, 2, 3, 4], rows: 2, columns: 2)).Function.ShouldBe("XGBoosterPredictFromDense");
    }

    [Fact]
    public void No_rows_give_no_predictions() => _booster.PredictDense([], rows: 0, columns: TrainingData.Columns).Values.ShouldBeEmpty();

    [Fact]
    public void An_untrained_model_does_not_predict()
    {
        using Booster untrained = Booster.Create(TrainingData.Parameters);
        Should.Throw<InvalidOperationException>(() => untrained.PredictDense(_data.Values, _data.Rows, TrainingData.Columns));
        Should.Throw<InvalidOperationException>(() => untrained.FeatureScores(ImportanceType.Gain));
    }

    [Fact]
    public void In_place_prediction_refuses_kinds_it_cannot_give() =>
        Should.Throw<ArgumentOutOfRangeException>(() => _booster.PredictDense(_data.Values, _data.Rows, TrainingData.Columns, PredictionKind.Leaf));

    [Fact]
    public async Task Many_threads_may_predict_at_once()
    {
        float[] expected = _booster.Predict(_matrix).Values;
        Task<bool>[] readers =
        [
            .. Enumerable.Range(0, 8).Select(reader => Task.Run(() => Enumerable.Range(0, 50).All(_ =>
                reader % 2 == 0
                    ? _booster.PredictDense(_data.Values, _data.Rows, TrainingData.Columns).Values.SequenceEqual(expected)
                    : _booster.Predict(_matrix).Values.SequenceEqual(expected)))),
        ];

        (await Task.WhenAll(readers)).ShouldAllBe(equal => equal);
    }
}
