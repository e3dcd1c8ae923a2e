using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Bench.Training;

/// <summary>Stratified five-fold cross-validation: mean ROC-AUC of the folds, and its 95 % interval by Student's t.</summary>
internal sealed record CrossValidation(string Learner, double RocAuc, double Low, double High)
{
    private const int Folds = 5;

    /// <summary>97.5 % quantile of Student's t with four degrees of freedom.</summary>
    private const double T = 2.776;

    public static CrossValidation Of(string learner, LabelledTable table, int seed)
    {
        var assigned = StratifiedFolds.Assign(table.Labels, Folds, seed);
        var aucs = new double[Folds];
        for (var fold = 0; fold < Folds; fold++)
        {
            var (outside, inside) = StratifiedFolds.Split(assigned, fold);
            var judged = table.Take(inside);
            using var model = LearnerCatalog.Create(learner, outside.Length).Fit(new FitRequest(table.Take(outside), null, seed, Environment.ProcessorCount), CancellationToken.None);
            aucs[fold] = Pipeline.Training.Metrics.RocAuc.Of(Ranking.Of(judged.Labels, model.Predict(judged.Features)));
        }
        var mean = aucs.Average();
        var half = T * Math.Sqrt(aucs.Sum(auc => (auc - mean) * (auc - mean)) / (Folds - 1)) / Math.Sqrt(Folds);
        return new CrossValidation(learner, mean, mean - half, mean + half);
    }
}
