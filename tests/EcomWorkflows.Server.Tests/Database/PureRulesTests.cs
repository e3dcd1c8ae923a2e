using EcomWorkflows.Server.Database;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Database;

public class PureRulesTests
{
    private const long Gigabyte = 1L << 30;

    [Theory]
    [InlineData("postgres (PostgreSQL) 15.18 (Debian 15.18-0+deb12u1)", 15, "15.18")]
    [InlineData("postgres (PostgreSQL) 17beta2", 17, "17beta2")]
    public void A_version_line_is_understood(string line, int major, string version) =>
        PostgresBinaries.ParseVersion(line).ShouldBe((major, version));

    [Fact]
    public void Something_else_that_is_called_postgres_has_no_version() =>
        PostgresBinaries.ParseVersion("usage: postgres").ShouldBeNull();

    [Theory]
    [InlineData(1, "64MB")]
    [InlineData(2, "128MB")]
    [InlineData(64, "256MB")]
    public void Buffers_follow_the_memory_within_bounds(long gigabytes, string buffers) =>
        ServerSettings.For(gigabytes * Gigabyte, Gigabyte)["shared_buffers"].ShouldBe(buffers);

    [Fact]
    public void A_small_shared_memory_is_left_alone() =>
        ServerSettings.For(8 * Gigabyte, 64 << 20)["dynamic_shared_memory_type"].ShouldBe("mmap");

    [Theory]
    [InlineData("FATAL:  could not bind IPv4 address \"127.0.0.1\": Address already in use", StartResult.PortTaken)]
    [InlineData("FATAL:  pre-existing shared memory block (key 1, ID 2) is still in use", StartResult.LeftoversAlive)]
    [InlineData("FATAL:  data directory has wrong ownership", StartResult.Failed)]
    internal void The_servers_words_tell_the_failures_with_a_remedy_from_the_others(string output, StartResult expected) =>
        StartOutcome.Failed(output).Result.ShouldBe(expected);
}
