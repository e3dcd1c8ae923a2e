using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Choices;

/// <summary>The expectation suites.</summary>
internal sealed class SuiteOptions(SuiteCatalog catalog) : IOptionsSource
{
    public string Name => "suites";

    public ValueTask<IReadOnlyList<Option>> ListAsync(CancellationToken cancellationToken) =>
        ValueTask.FromResult<IReadOnlyList<Option>>([new Option("the suite the source's mapping names", ""), .. catalog.Names().Select(name => new Option(name))]);
}
