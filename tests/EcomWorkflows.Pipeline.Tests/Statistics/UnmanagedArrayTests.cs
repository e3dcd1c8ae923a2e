using System.Runtime.InteropServices;
using EcomWorkflows.Pipeline.Statistics;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Statistics;

public class UnmanagedArrayTests
{
    /// <summary>Nothing, a little, and lengths around those of large pages.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData((1 << 18) - 1)]
    [InlineData(1 << 18)]
    [InlineData((1 << 18) + 1)]
    [InlineData(5_000_000)]
    public void It_is_zeros_that_can_be_written_until_it_is_disposed(int length)
    {
        var array = new UnmanagedArray<long>(length);

        array.Items.Length.ShouldBe(length);
        array.Items.IndexOfAnyExcept(0L).ShouldBe(-1);
        array.Items.Fill(-1);
        array.Items.IndexOfAnyExcept(-1L).ShouldBe(-1);

        array.Dispose();
        array.Dispose();
        Should.Throw<ObjectDisposedException>(() => array.Items.Length);
    }

    [Fact]
    public void More_than_the_system_has_is_an_error() => Should.Throw<InsufficientMemoryException>(() => new UnmanagedArray<Page>(int.MaxValue));

    /// <summary>Two billion of them are more than addresses reach.</summary>
    [StructLayout(LayoutKind.Sequential, Size = 1 << 17)]
    private struct Page;
}
