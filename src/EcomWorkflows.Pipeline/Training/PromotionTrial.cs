using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Leaks;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Gathers the evidence for or against a new version: the champion predicts the same test rows, so both are judged by the same rows.</summary>
internal sealed class PromotionTrial(ModelLoader loader, TimeProvider time, int seed)
{
    private const int TimedRows = 20_000;

    /// <summary>Features whose halves are slices, the strongest drivers.</summary>
    private const int HalvedFeatures = 3;

    /// <param name="lineage">Whose dataset tag is a gate.</param>
    /// <param name="modelBytes">Size of the challenger's file.</param>
    internal PromotionDecision Hold(
        TrainedCandidate challenger, IReadOnlyList<Driver> drivers, ModelVersion? champion, TrainingSet set, IReadOnlyList<LeakFinding> leaks, ModelLineage lineage,
        bool datasetTagRequired, long modelBytes, PromotionBudget budget)
    {
        LabelledTable test = set.Test;
        float[] scores = challenger.Scores;
        Task<string> hashing = Task.Run(() => Holdout.Sha256(test));
        IReadOnlyList<Slice> slices = Slice.Of(test, drivers.Take(HalvedFeatures).Select(driver => driver.Feature));
        var evidence = new PromotionEvidence
        {
            Challenger = challenger.Report.Test,
            HoldoutSha256 = hashing.GetAwaiter().GetResult(),
            HoldoutCutoff = set.TestCutoff,
            ChampionVersion = champion?.Version,
            ChallengerCalibrationError = CalibrationError.Of(challenger.Report.Ranking),
            ChallengerSlices = Slice.Evaluate(slices, test.Labels, scores, challenger.Fitted.Threshold),
            Leaks = leaks,
            ModelBytes = modelBytes,
            MicrosecondsPerRow = MicrosecondsPerRow(challenger.Fitted.Model, test.Features),
            DatasetTag = lineage.DatasetTag,
            DatasetCommit = lineage.DatasetCommit,
            DatasetTagRequired = datasetTagRequired,
        };
        return PromotionGate.Decide(champion is null ? evidence : Against(champion, evidence, test, scores, slices), budget);
    }

    private PromotionEvidence Against(ModelVersion champion, PromotionEvidence evidence, LabelledTable test, float[] scores, IReadOnlyList<Slice> slices)
    {
        // A machine without the library says nothing about the champion.
        if (LearnerCatalog.Names.Contains(champion.Learner) && LearnerCatalog.NeedsXGBoost(champion.Learner))
            XGBoostRequirement.Check();
        try
        {
            using FittedModel model = loader.Load(champion);
            float[] before = model.Predict(test.Features);
            Ranking ranking = Ranking.Of(test.Labels, before);
            (PairedDifference roc, PairedDifference pr) = PairedBootstrap.Compare(test.Labels, scores, before, seed);
            return evidence with
            {
                Champion = ModelMetrics.Of(ranking, champion.Threshold, seed),
                ChampionCalibrationError = CalibrationError.Of(ranking),
                ChampionSlices = Slice.Evaluate(slices, test.Labels, before, champion.Threshold),
                RocAucDifference = roc,
                PrAucDifference = pr,
            };
        }
        catch (Exception problem) when (problem is TaskFailedException or FeatureMismatchException)
        {
            return evidence with { ChampionProblem = problem.Message };
        }
    }

    private double MicrosecondsPerRow(FittedModel model, FeatureTable table)
    {
        int rows = Math.Min(TimedRows, table.Rows);
        float[] probabilities = new float[rows];
        long started = time.GetTimestamp();
        model.Predict(table.Values.AsSpan(0, rows * table.Columns), rows, probabilities);
        return time.GetElapsedTime(started).TotalMicroseconds / Math.Max(1, rows);
    }
}
