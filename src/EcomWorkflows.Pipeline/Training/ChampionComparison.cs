using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;
using EcomWorkflows.Pipeline.Training.Registry;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Lets the champion predict the test rows of a new version, so both are judged by the same customers.</summary>
internal sealed class ChampionComparison(ModelLoader loader)
{
    internal PromotionDecision Decide(ModelMetrics challenger, ModelVersion? champion, LabelledTable test, int seed)
    {
        if (champion is null)
            return PromotionGate.FirstVersion(challenger);

        try
        {
            using FittedModel model = loader.Load(champion);
            Ranking ranking = Ranking.Of(test.Labels, model.Predict(test.Features));
            return PromotionGate.Compare(challenger, champion.Version, ModelMetrics.Of(ranking, champion.Threshold, seed));
        }
        catch (Exception problem) when (problem is TaskFailedException or FeatureMismatchException)
        {
            return PromotionGate.ChampionUnusable(challenger, champion.Version, problem.Message);
        }
    }
}
