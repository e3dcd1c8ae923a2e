using EcomWorkflows.Pipeline.Training.Reports;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>What a task that trains a model registered.</summary>
/// <param name="Learner">Learner of the registered version.</param>
/// <param name="Champion">Whether scoring uses this version from now on; <paramref name="Promotion"/> says why or why not.</param>
/// <param name="Challenger">Whether it waits for a decision: it passed all gates and the DAG asks a person.</param>
/// <param name="TestPositiveShare">Base rate: what PR-AUC would be by chance.</param>
/// <param name="Leaks">Columns a sentinel named, where the DAG went on all the same.</param>
/// <param name="ModelFolder">Relative to <c>ECOM_HOME</c>.</param>
/// <param name="ReportPath">The HTML report, relative to <c>ECOM_HOME</c>.</param>
/// <param name="Learners">Figures of every learner tried, on the same test rows.</param>
public sealed record TrainingOutputs(
    string Model,
    int Version,
    string Learner,
    bool Champion,
    bool Challenger,
    string Promotion,
    long TrainRows,
    long TestRows,
    double TestPositiveShare,
    IReadOnlyList<LearnerSummary> Learners,
    IReadOnlyList<string> TopDrivers,
    IReadOnlyList<string> Leaks,
    string ModelFolder,
    string ReportPath)
{
    private const int NamedDrivers = 5;

    internal static TrainingOutputs Of(TrainedModel trained, TrainingSet set) => new(
        trained.Version.Name,
        trained.Version.Version,
        trained.Version.Learner,
        trained.Recorded.Kind == "promotion",
        trained.Recorded.Kind == "proposal",
        trained.Recorded.Reason,
        set.Train.Rows,
        set.Test.Rows,
        trained.Report.ChosenCandidate.Test.BaseRate,
        [.. trained.Report.Candidates.Select(candidate => LearnerSummary.Of(candidate.Learner, candidate.Test, candidate.FitTime, candidate.PredictTime))],
        [.. trained.Report.Drivers.Take(NamedDrivers).Select(driver => driver.Feature)],
        [.. trained.Report.Leaks.Select(leak => leak.Column).Distinct()],
        trained.Version.Folder,
        Path.Combine(trained.Version.Folder, ModelReportPage.FileName));
}
