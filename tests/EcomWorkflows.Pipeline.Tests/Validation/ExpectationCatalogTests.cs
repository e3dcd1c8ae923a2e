using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Suites;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

public class ExpectationCatalogTests
{
    private static readonly string Workflows = Path.Combine(RepositoryRoot.Path, "workflows");

    [Fact]
    public void Every_type_and_its_own_arguments_are_documented()
    {
        var readme = File.ReadAllText(Path.Combine(Workflows, "expectations", "README.md"));

        ExpectationCatalog.Types.Where(type => !readme.Contains($"`{type}`", StringComparison.Ordinal)).ShouldBeEmpty();
        ExpectationCatalog.Types.SelectMany(type => ExpectationCatalog.Find(type)!.AllKwargs).Select(kwarg => kwarg.Name).Distinct()
            .Where(name => !readme.Contains($"`{name}`", StringComparison.Ordinal) && !readme.Contains($"`kwargs.{name}`", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    [Fact]
    public void Every_suite_of_the_repository_can_be_read()
    {
        var catalog = new SuiteCatalog(new PipelineOptions { Home = "", DataVersionsFolder = "", WorkflowsFolder = Workflows });

        catalog.Names().ShouldContain("online-retail/events");
        foreach (var name in catalog.Names())
            catalog.Get(name).Name.ShouldBe(name);
    }
}
