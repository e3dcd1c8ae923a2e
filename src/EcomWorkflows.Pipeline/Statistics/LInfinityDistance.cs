namespace EcomWorkflows.Pipeline.Statistics;

/// <summary>The largest difference of a bin's share: from 0 (equal) to 1. What TensorFlow Data Validation compares categories by.</summary>
internal static class LInfinityDistance
{
    public static double Of(BinCounts counts) => counts.Shares().Max(share => Math.Abs(share.Current - share.Reference));
}
