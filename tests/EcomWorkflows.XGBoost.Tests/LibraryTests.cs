using EcomWorkflows.XGBoost.Native;
using Shouldly;
using Xunit;

namespace EcomWorkflows.XGBoost.Tests;

public sealed class LibraryTests
{
    [Fact]
    public void The_installed_library_tells_version_and_build()
    {
        XGBoostLibrary.Version.ShouldBeGreaterThanOrEqualTo(new Version(1, 6, 0));
        XGBoostLibrary.BuildInfo.ShouldContain("USE_OPENMP");
        XGBoostLibrary.IsAvailable(out string? cure).ShouldBeTrue();
        cure.ShouldBeNull();
    }

    [Fact]
    public void A_missing_library_says_how_to_install_it()
    {
        XGBoostNotFoundException missing = Should.Throw<XGBoostNotFoundException>(() => LibraryLoader.Load(["libxgboost-absent.so"]));

        missing.Message.ShouldContain("libxgboost-absent.so");
        missing.Message.ShouldContain("apt-get install libxgboost0");
    }

    [Theory]
    [InlineData("[10:11:12] ./src/objective/objective.cc:26: Unknown objective function: `x`\nObjective candidate: a\nStack trace:\n  [bt] (0) lib", "Unknown objective function: `x` Objective candidate: a")]
    [InlineData("plain", "plain")]
    [InlineData("", "the library gave no reason")]
    public void The_sentence_is_taken_out_of_the_librarys_dump(string native, string sentence) =>
        NativeErrorText.FirstSentence(native).ShouldBe(sentence);

    [Fact]
    public void Evaluation_lines_with_nan_and_inf_are_read() =>
        EvaluationLine.Parse("[3]\ttrain-auc:nan\ttrain-old-error@0.3:-inf\ttrain-rmse:1.5e-3", ["train", "train-old"]).ShouldBe(
        [
            new MetricValue("train", "auc", double.NaN),
            new MetricValue("train-old", "error@0.3", double.NegativeInfinity),
            new MetricValue("train", "rmse", 0.0015),
        ]);
}
