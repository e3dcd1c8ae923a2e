using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;

namespace EcomWorkflows.Pipeline.Training.Evaluation;

/// <summary>Fits a learner and chooses its threshold, both on training rows only.</summary>
public sealed class CandidateFitter(TimeProvider time, int seed, int threads)
{
    /// <summary>Up to so many rows the five extra fits of <see cref="FitProtocol.OutOfFold"/> are worth their time.</summary>
    public const int OutOfFoldRows = 10_000;

    private const int Folds = 5;

    private (LabelledTable Of, LabelledTable Learned, LabelledTable HeldOut)? _heldOut;

    public Candidate Fit(ILearner learner, LabelledTable train, CancellationToken cancellationToken)
    {
        long started = time.GetTimestamp();
        FitProtocol protocol = train.Rows <= OutOfFoldRows ? FitProtocol.OutOfFold : FitProtocol.HeldOut;
        (FittedModel model, Ranking ranking) = protocol == FitProtocol.OutOfFold
            ? FitOutOfFold(learner, train, StratifiedFolds.Assign(train, Folds, seed), cancellationToken)
            : FitHeldOut(learner, train, cancellationToken);
        return new Candidate(
            model, learner.Parameters, protocol, DecisionThreshold.BestF1(ranking), RocAuc.Of(ranking), time.GetElapsedTime(started));
    }

    private (FittedModel Model, Ranking Ranking) FitOutOfFold(ILearner learner, LabelledTable train, int[] folds, CancellationToken cancellationToken)
    {
        float[] predicted = new float[train.Rows];
        for (int fold = 0; fold < Folds; fold++)
        {
            (int[] outside, int[] inside) = StratifiedFolds.Split(folds, fold);
            using FittedModel model = learner.Fit(Request(train.Take(outside), null), cancellationToken);
            float[] scores = model.Predict(train.Features.Take(inside));
            for (int i = 0; i < inside.Length; i++)
                predicted[inside[i]] = scores[i];
        }

        return (learner.Fit(Request(train, null), cancellationToken), Ranking.Of(train.Labels, predicted));
    }

    private (FittedModel Model, Ranking Ranking) FitHeldOut(ILearner learner, LabelledTable train, CancellationToken cancellationToken)
    {
        (LabelledTable learned, LabelledTable heldOut) = HoldOut(train);
        FittedModel model = learner.Fit(Request(learned, heldOut), cancellationToken);
        try
        {
            return (model, Ranking.Of(heldOut.Labels, model.Predict(heldOut.Features)));
        }
        catch
        {
            model.Dispose();
            throw;
        }
    }

    /// <summary>The same parts for every learner, made once.</summary>
    private (LabelledTable Learned, LabelledTable HeldOut) HoldOut(LabelledTable train)
    {
        if (_heldOut is not { } parts || !ReferenceEquals(parts.Of, train))
        {
            (int[] outside, int[] inside) = StratifiedFolds.Split(StratifiedFolds.Assign(train, Folds, seed), 0);
            _heldOut = parts = (train, train.Take(outside), train.Take(inside));
        }

        return (parts.Learned, parts.HeldOut);
    }

    private FitRequest Request(LabelledTable train, LabelledTable? validation) => new(train, validation, seed, threads);
}
