using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Pipeline.Versioning.Comparison;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Versioning;

public class FileDifferenceTests
{
    [Fact]
    public void Files_are_added_removed_changed_or_renamed() =>
        FileDifference.Between(
            [File("same", "1", 1), File("gone", "2", 2), File("old/name", "3", 3), File("other", "4", 4)],
            [File("same", "1", 1), File("new/name", "3", 3), File("other", "5", 9), File("more", "6", 6)])
        .ShouldBe(
            [
                new FileDifference("removed", "gone", null, -2),
                new FileDifference("added", "more", null, 6),
                new FileDifference("renamed", "new/name", "old/name", 0),
                new FileDifference("changed", "other", null, 5),
            ]);

    private static CachedFile File(string path, string md5, long bytes) => new(path, md5, md5, bytes, null);
}
