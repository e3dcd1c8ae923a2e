using EcomWorkflows.Pipeline.Training.Evaluation;

namespace EcomWorkflows.Pipeline.Training.Search;

/// <summary>Training rows to fit on and later ones to judge by.</summary>
/// <param name="Name">In words, for the report.</param>
public sealed record TimeFold(string Name, int[] Fit, int[] Judge)
{
    private const int RandomFolds = 3;

    /// <summary>Each later cutoff judges what was fitted on the cutoffs whose outcome was known by then; where none lies late enough, three random folds stand in.</summary>
    /// <param name="embargoDays">Days a fitted cutoff must lie before the judging one: the outcome window and the embargo.</param>
    public static IReadOnlyList<TimeFold> Of(TrainingSet set, int embargoDays, int seed)
    {
        var folds = new List<TimeFold>();
        int start = 0;
        var starts = new List<(TrainingPeriod Period, int First)>();
        foreach (TrainingPeriod period in set.Periods)
        {
            starts.Add((period, start));
            start += period.Rows;
        }

        foreach ((TrainingPeriod judged, int first) in starts)
        {
            int[] known = [.. starts.Where(one => one.Period.Cutoff.AddDays(embargoDays) <= judged.Cutoff).SelectMany(one => Enumerable.Range(one.First, one.Period.Rows))];
            if (known.Length > 0)
                folds.Add(new TimeFold($"fitted before {judged.Cutoff.UtcDateTime:yyyy-MM-dd}, judged at it", known, [.. Enumerable.Range(first, judged.Rows)]));
        }

        return folds.Count > 0 ? folds : Random(set, seed);
    }

    private static IReadOnlyList<TimeFold> Random(TrainingSet set, int seed)
    {
        int[] assigned = StratifiedFolds.Assign(set.Train, RandomFolds, seed);
        return
        [
            .. Enumerable.Range(0, RandomFolds).Select(fold =>
            {
                (int[] outside, int[] inside) = StratifiedFolds.Split(assigned, fold);
                return new TimeFold($"random fold {fold + 1} of {RandomFolds} (no training cutoff lies late enough after another)", outside, inside);
            }),
        ];
    }
}
