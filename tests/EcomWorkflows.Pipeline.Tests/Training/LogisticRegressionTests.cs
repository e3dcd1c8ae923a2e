using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Learners;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Training;

public sealed class LogisticRegressionTests
{
    /// <summary>Figures of scikit-learn 1.2: <c>LogisticRegression(C=1, solver='newton-cg', tol=1e-14)</c> on the same rows after <c>StandardScaler()</c>.</summary>
    [Fact]
    public void Agrees_with_scikit_learn()
    {
        float[] values = [1, 5, 2, 3, 3, 8, 4, 1, 5, 9, 6, 2, 7, 7, 8, 4];
        bool[] labels = [false, false, true, false, true, false, true, true];
        var table = new LabelledTable(new FeatureTable(["a", "b"], values, 8), labels);

        using var model = (LinearModel)new LogisticRegressionLearner().Fit(new FitRequest(table, null, 1, 1), CancellationToken.None);

        model.Coefficients[0].ShouldBe(0.79691078, 1e-6);
        model.Coefficients[1].ShouldBe(1.18169957, 1e-6);
        model.Predict(table.Features)[0].ShouldBe(0.2402163f, 1e-6f);
        model.Predict(table.Features)[4].ShouldBe(0.87890511f, 1e-6f);
    }

    [Fact]
    public void Perfectly_separable_rows_still_have_a_finite_answer()
    {
        var table = new LabelledTable(new FeatureTable(["a"], [1, 2, 3, 4], 4), [false, false, true, true]);
        using var model = (LinearModel)new LogisticRegressionLearner().Fit(new FitRequest(table, null, 1, 1), CancellationToken.None);

        model.Coefficients[0].ShouldBeInRange(0.5, 3);
    }

    [Fact]
    public void A_long_tail_is_taken_logarithmically_and_a_flag_is_not()
    {
        float[] values = [1, 0, 2, 1, 3, 0, 1000, 0, 2, 0];
        var table = new FeatureTable(["money", "flag"], values, 5);

        ColumnScaling money = ColumnScaling.Fit(table, 0);
        money.Log.ShouldBeTrue();
        money.Mean.ShouldBe((Math.Log(2) + (2 * Math.Log(3)) + Math.Log(4) + Math.Log(1001)) / 5, 1e-9);
        ColumnScaling flag = ColumnScaling.Fit(table, 1);
        flag.Log.ShouldBeFalse();
        (flag.Mean, flag.Deviation).ShouldSatisfyAllConditions(f => f.Mean.ShouldBe(0.2, 1e-12), f => f.Deviation.ShouldBe(0.4, 1e-12));
    }

    [Fact]
    public void A_missing_value_counts_as_the_mean() => new ColumnScaling(false, 5, 2).Apply(float.NaN).ShouldBe(0);

    [Fact]
    public void An_infinite_value_is_refused_by_name()
    {
        var table = new LabelledTable(new FeatureTable(["a", "b"], [1, 2, 3, float.PositiveInfinity], 2), [false, true]);
        Exception failure = Should.Throw<Exception>(() => new LogisticRegressionLearner().Fit(new FitRequest(table, null, 1, 1), CancellationToken.None));
        failure.GetBaseException().Message.ShouldContain("'b' holds an infinite value in row 1");
    }
}
