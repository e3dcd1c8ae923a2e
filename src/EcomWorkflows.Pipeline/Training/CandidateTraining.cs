using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Learners;
using EcomWorkflows.Pipeline.Training.Metrics;
using EcomWorkflows.Pipeline.Training.Reports;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>Fits every learner on the training rows and evaluates each on the test rows.</summary>
internal sealed class CandidateTraining(TimeProvider time, int threads)
{
    /// <param name="onStart">Called with each learner's name before it is fitted.</param>
    internal IReadOnlyList<TrainedCandidate> Run(TrainingSet set, IReadOnlyList<ILearner> learners, int seed, Action<string> onStart, CancellationToken cancellationToken)
    {
        var fitter = new CandidateFitter(time, seed, threads);
        var fitted = new List<Candidate>();
        try
        {
            foreach (ILearner learner in learners)
            {
                onStart(learner.Name);
                fitted.Add(fitter.Fit(learner, set.Train, cancellationToken));
            }

            // Sorting and drawing keep one core each.
            var tested = new TrainedCandidate[fitted.Count];
            Parallel.For(
                0, tested.Length, new ParallelOptions { MaxDegreeOfParallelism = Math.Max(1, threads), CancellationToken = cancellationToken },
                i => tested[i] = Tested(fitted[i], set.Test, seed, time));
            return tested;
        }
        catch
        {
            fitted.ForEach(candidate => candidate.Dispose());
            throw;
        }
    }

    /// <summary>The candidate that ranked training rows best that it had not seen; the test rows have no say.</summary>
    internal static TrainedCandidate Choose(IReadOnlyList<TrainedCandidate> candidates) =>
        candidates.MaxBy(candidate => double.IsNaN(candidate.Fitted.ValidationRocAuc) ? 0 : candidate.Fitted.ValidationRocAuc)!;

    private static TrainedCandidate Tested(Candidate candidate, LabelledTable test, int seed, TimeProvider time)
    {
        long started = time.GetTimestamp();
        float[] scores = candidate.Model.Predict(test.Features);
        TimeSpan predictTime = time.GetElapsedTime(started);
        Ranking ranking = Ranking.Of(test.Labels, scores);
        var report = new CandidateReport(
            candidate.Model.Learner, candidate.Parameters, candidate.Protocol, candidate.ValidationRocAuc, candidate.FitTime, predictTime,
            ModelMetrics.Of(ranking, candidate.Threshold, seed), RocCurve.Of(ranking), Calibration.Of(ranking), ranking);
        return new TrainedCandidate(candidate, report, scores);
    }
}
