using System.Text;
using Shouldly;
using Xunit;

namespace EcomWorkflows.XGBoost.Tests;

public sealed class ModelTests : IDisposable
{
    private readonly TrainingData _data = TrainingData.Make();
    private readonly DMatrix _matrix;
    private readonly Booster _booster;
    private readonly string _folder = Directory.CreateTempSubdirectory("xgboost-model").FullName;

    public ModelTests()
    {
        _matrix = _data.ToMatrix();
        _booster = TrainingData.Train(_matrix, 3);
    }

    public void Dispose()
    {
        _booster.Dispose();
        _matrix.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Theory]
    [InlineData("model.json")]
    [InlineData("model.ubj")]
    public void A_saved_model_predicts_the_same_and_knows_its_columns(string name)
    {
        string path = Path.Combine(_folder, name);
        _booster.SetAttribute("feature_service", "churn@v1");
        _booster.Save(path);

        using Booster loaded = Booster.Load(path);
        loaded.Predict(_matrix).Values.ShouldBe(_booster.Predict(_matrix).Values);
        loaded.FeatureNames.ShouldBe(TrainingData.Names);
        loaded.GetAttribute("feature_service").ShouldBe("churn@v1");
        loaded.BoostedRounds.ShouldBe(3);
    }

    [Theory]
    [InlineData(ModelFormat.Json)]
    [InlineData(ModelFormat.Ubj)]
    public void A_model_survives_a_buffer_unchanged(ModelFormat format)
    {
        byte[] bytes = _booster.Save(format);
        using Booster loaded = Booster.Load(bytes);

        loaded.Save(format).ShouldBe(bytes);
        loaded.Predict(_matrix).Values.ShouldBe(_booster.Predict(_matrix).Values);
    }

    [Theory]
    [InlineData(ModelFormat.Json)]
    [InlineData(ModelFormat.Ubj)]
    public void A_model_cut_off_anywhere_is_refused(ModelFormat format)
    {
        byte[] bytes = _booster.Save(format);
        for (int length = 0; length < bytes.Length; length++)
            Should.Throw<XGBoostException>(() => Booster.Load(bytes.AsSpan(0, length)).Dispose(), $"a model of {length} of {bytes.Length} bytes was accepted");
    }

    [Fact]
    public void A_broken_model_file_is_named()
    {
        string path = Path.Combine(_folder, "broken.json");
        File.WriteAllText(path, """{"learner": {"nonsense": true}}""");

        Should.Throw<XGBoostException>(() => Booster.Load(path)).Message.ShouldContain("broken.json' cannot be loaded as a model");
    }

    [Fact]
    public void A_text_that_is_no_model_is_refused() =>
        Should.Throw<XGBoostException>(() => Booster.Load(Encoding.UTF8.GetBytes("recency;orders\n1;2\n"))).Message.ShouldContain("begin with '{'");

    [Fact]
    public void A_missing_model_file_is_named() =>
        Should.Throw<XGBoostException>(() => Booster.Load(Path.Combine(_folder, "absent.ubj"))).Message.ShouldContain("absent.ubj' does not exist");

    [Fact]
    public void A_model_is_saved_only_in_a_portable_form() =>
        Should.Throw<ArgumentException>(() => _booster.Save(Path.Combine(_folder, "model.bin"))).Message.ShouldContain(".json or .ubj");

    [Fact]
    public void A_model_that_cannot_be_written_is_an_error() =>
        Should.Throw<XGBoostException>(() => _booster.Save(Path.Combine(_folder, "no-such-folder", "model.json"))).Function.ShouldBe("XGBoosterSaveModel");

    [Fact]
    public void Attributes_are_listed_and_removed()
    {
        _booster.SetAttribute("run", "42");
        _booster.AttributeNames.ShouldContain("run");
        _booster.SetAttribute("run", null);
        _booster.GetAttribute("run").ShouldBeNull();
        _booster.AttributeNames.ShouldNotContain("run");
    }

    [Fact]
    public void Importance_names_the_columns_that_matter()
    {
        foreach (ImportanceType importance in Enum.GetValues<ImportanceType>())
        {
            FeatureScore best = _booster.FeatureScores(importance).MaxBy(score => score.Score)!;
            best.Score.ShouldBeGreaterThan(0);
            TrainingData.Names.ShouldContain(best.Feature);
        }

        _booster.FeatureScores(ImportanceType.TotalGain).MaxBy(score => score.Score)!.Feature.ShouldBe("recency_days");
    }

    [Fact]
    public void Configuration_round_trips()
    {
        string config = _booster.SaveConfig();
        config.ShouldContain("binary:logistic");
        Should.NotThrow(() => _booster.LoadConfig(config));
        Should.Throw<XGBoostException>(() => _booster.LoadConfig("{"));
    }

    [Fact]
    public void Trees_are_printed_with_feature_names()
    {
        IReadOnlyList<string> trees = _booster.Dump(statistics: true);
        trees.Count.ShouldBe(3);
        trees[0].ShouldContain("recency_days");
        trees[0].ShouldContain("gain=");
        _booster.Dump(DumpFormat.Json)[0].ShouldContain("\"split\"");
        _booster.Dump(DumpFormat.Dot)[0].ShouldContain("digraph");
    }
}
