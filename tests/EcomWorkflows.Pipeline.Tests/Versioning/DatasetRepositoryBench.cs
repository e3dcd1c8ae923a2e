using EcomWorkflows.Pipeline.Tests.Features;
using EcomWorkflows.Testing;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Versioning;

/// <summary>A stage bench and a dataset repository of its own for each test.</summary>
public abstract class DatasetRepositoryBench(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private protected StageBench Stage { get; private set; } = null!;

    private protected DatasetBench Bench { get; private set; } = null!;

    public async Task InitializeAsync()
    {
        Stage = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        Bench = new DatasetBench(Stage);
    }

    public async Task DisposeAsync() => await Stage.DisposeAsync();
}
