namespace EcomWorkflows.Pipeline.Training.Purchase;

/// <summary>What <c>Ecom.TrainPurchase</c> registered.</summary>
/// <param name="Champion">Whether scoring uses this version from now on; <paramref name="Promotion"/> says why or why not.</param>
/// <param name="Challenger">Whether it waits for a decision: it passed all gates and the DAG asks a person.</param>
/// <param name="TestPositiveShare">Base rate: what PR-AUC would be by chance.</param>
/// <param name="Leaks">Columns a sentinel named, where the DAG went on all the same.</param>
/// <param name="ModelFolder">Relative to <c>ECOM_HOME</c>.</param>
/// <param name="ReportPath">The HTML report, relative to <c>ECOM_HOME</c>.</param>
/// <param name="Learners">Figures of every learner tried, on the same test pairs.</param>
public sealed record TrainPurchaseOutputs(
    string Model,
    int Version,
    string Variant,
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
    string ReportPath);
