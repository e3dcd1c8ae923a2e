using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Reports;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>A fitted learner and what the test rows say of it.</summary>
/// <param name="Scores">Its predictions for the test rows.</param>
internal sealed record TrainedCandidate(Candidate Fitted, CandidateReport Report, float[] Scores);
