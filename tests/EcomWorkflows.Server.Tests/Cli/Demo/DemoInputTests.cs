using EcomWorkflows.Pipeline.Simulation;
using EcomWorkflows.Server.Cli;
using EcomWorkflows.Server.Cli.Demo;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Cli.Demo;

public class DemoInputTests
{
    private static readonly EnvironmentSettings Settings = new("/home", null, EnvironmentSettings.DefaultUrls, RepositoryRoot.Path);

    [Fact]
    public void The_simulated_shop_is_small_unless_told_otherwise()
    {
        var input = DemoInput.Check(Settings, "shop", null, null, null);

        input.Scale.ShouldBe(SimulationScale.Small);
        input.Params.ToJsonString().ShouldBe("""{"source":"shop","file":""}""");
    }

    [Fact]
    public void An_unknown_source_is_refused_with_the_known_ones() =>
        Refusal("shops", null).ShouldContain("shop");

    [Fact]
    public void A_file_for_the_simulated_shop_is_refused() =>
        Refusal("shop", "events.csv").ShouldContain("--file");

    private static string Refusal(string source, string? file)
    {
        var refusal = Should.Throw<CliException>(() => DemoInput.Check(Settings, source, file, null, null));
        refusal.ExitCode.ShouldBe(ExitCode.Usage);
        return refusal.Message;
    }
}
