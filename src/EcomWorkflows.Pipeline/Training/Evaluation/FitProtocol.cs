namespace EcomWorkflows.Pipeline.Training.Evaluation;

/// <summary>How training rows serve for fitting, early stopping and the threshold, so that test rows serve for nothing but the final figures.</summary>
public enum FitProtocol
{
    /// <summary>Five models on four fifths each give the predictions the threshold is chosen on; the kept model learns from all rows.</summary>
    OutOfFold,

    /// <summary>One model on four fifths; the held-out fifth stops it early and chooses the threshold. For tables so large that a fifth is plenty.</summary>
    HeldOut,
}
