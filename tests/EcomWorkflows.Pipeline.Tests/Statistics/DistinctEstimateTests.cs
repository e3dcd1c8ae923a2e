using EcomWorkflows.Pipeline.Statistics;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Statistics;

public class DistinctEstimateTests
{
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(50)]
    [InlineData(3_000)]
    [InlineData(30_000)]
    [InlineData(1_000_000)]
    public void It_is_within_five_per_cent_however_often_values_repeat(int values)
    {
        var random = new Random(7);
        var hashes = new ulong[values];
        random.NextBytes(System.Runtime.InteropServices.MemoryMarshal.AsBytes(hashes.AsSpan()));
        var estimate = new DistinctEstimate();

        estimate.Add(hashes);
        estimate.Add(hashes);

        estimate.Value.ShouldBeInRange((long)(values * 0.95), (long)Math.Ceiling(values * 1.05));
    }
}
