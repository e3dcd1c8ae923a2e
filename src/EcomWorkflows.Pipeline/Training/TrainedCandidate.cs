using EcomWorkflows.Pipeline.Training.Evaluation;
using EcomWorkflows.Pipeline.Training.Reports;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>A fitted learner and what the test rows say of it.</summary>
internal sealed record TrainedCandidate(Candidate Fitted, CandidateReport Report);
