using EcomWorkflows.DuckDB;
using EcomWorkflows.Server.Cli;
using EcomWorkflows.Server.Hosting;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Cli;

public class EnvironmentSettingsTests
{
    [Fact]
    public void Without_variables_everything_is_in_the_repository()
    {
        var settings = Read([]);

        settings.Repository.ShouldBe(RepositoryRoot.Path);
        settings.Home.ShouldBe(Path.Combine(RepositoryRoot.Path, ".ecom"));
        settings.DataVersionsFolder.ShouldBe(Path.Combine(RepositoryRoot.Path, "data-versions"));
        settings.WorkflowsFolder.ShouldBe(Path.Combine(RepositoryRoot.Path, "workflows"));
        settings.Database.ShouldBeNull();
        settings.Urls.ShouldBe("http://127.0.0.1:8080");
    }

    [Fact]
    public void Another_home_brings_its_own_dataset_repository() =>
        Read([("ECOM_HOME", "/srv/ecom/")]).DataVersionsFolder.ShouldBe("/srv/ecom/data-versions");

    [Fact]
    public void A_relative_home_is_relative_to_the_current_folder() =>
        Read([("ECOM_HOME", "state")]).Home.ShouldBe("/current/state");

    [Fact]
    public void An_empty_variable_counts_as_unset() =>
        Read([("ECOM_HOME", ""), ("ECOM_DATABASE", ""), ("ECOM_URLS", "")]).ShouldBe(Read([]));

    [Theory]
    [InlineData("gs://bucket/lake")]
    [InlineData("s3:/bucket/lake")]
    [InlineData("/mnt/lake")]
    public void A_lake_that_is_in_no_bucket_is_refused(string lake)
    {
        var refused = Should.Throw<CliException>(() => Read([("ECOM_LAKE", lake)]));

        refused.ExitCode.ShouldBe(ExitCode.Environment);
        refused.Message.ShouldStartWith($"ECOM_LAKE is '{lake}'; allowed is s3://bucket/prefix.");
        Read([("ECOM_LAKE", "s3://bucket/lake")]).Lake.ShouldBe("s3://bucket/lake");
    }

    [Theory]
    [InlineData("much")]
    [InlineData("64MB")]
    [InlineData("0.1GB")]
    [InlineData("80%")]
    [InlineData("-1GB")]
    public void A_memory_that_is_no_size_or_too_small_is_refused(string memory)
    {
        var refused = Should.Throw<CliException>(() => Read([("ECOM_DUCKDB_MEMORY", memory)]));

        refused.ExitCode.ShouldBe(ExitCode.Environment);
        refused.Message.ShouldStartWith($"ECOM_DUCKDB_MEMORY is '{memory}'; allowed is a size from 128MB on");
    }

    [Theory]
    [InlineData("128MB")]
    [InlineData("1.5GB")]
    [InlineData("2 GiB")]
    public void The_memory_of_DuckDB_is_what_the_environment_says(string memory)
    {
        var (given, missing) = (EcomServices.PipelineOptions(Read([("ECOM_DUCKDB_MEMORY", memory)])), EcomServices.PipelineOptions(Read([])));

        (given.DuckDbMemoryLimit, given.ProfilingMemoryLimit).ShouldBe((memory, memory));
        (missing.DuckDbMemoryLimit, missing.ProfilingMemoryLimit).ShouldBe(("512MB", "1GB"));
        using var duck = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = memory });
        duck.Scalar<string>("select current_setting('memory_limit')").ShouldNotBeNull();
    }

    private static EnvironmentSettings Read((string Name, string Value)[] variables) =>
        EnvironmentSettings.Read(name => variables.FirstOrDefault(variable => variable.Name == name).Value, AppContext.BaseDirectory, "/current");
}
