using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Builds the silver tables of one source and describes them: events first, then side by side what does not read each other, unless there is too much of it.</summary>
/// <param name="newFile">Path for a table's file.</param>
/// <param name="keep">Called for each file that is written, while the next is made.</param>
/// <param name="threads">How many DuckDB may use.</param>
internal sealed class SilverTables(
    DuckDbConnection duckDb, SilverBuilder builder, SourceMapping mapping, Func<CanonicalTable, string> newFile, Func<SilverTableResult, Task<LakeFile>> keep,
    int threads, CancellationToken cancellationToken)
{
    /// <summary>Of more events, the tables are made one after the other, and on half the threads as well: what each thread holds besides DuckDB's limit adds up.</summary>
    private const long SideBySideEvents = 10_000_000;

    /// <summary>The tables in the order of <see cref="CanonicalTable.All"/>.</summary>
    /// <param name="progress">Told the share that is done and what is next.</param>
    /// <exception cref="TaskFailedException">As <see cref="SilverBuilder.Build"/>.</exception>
    public async Task<IReadOnlyList<(SilverTableResult Table, LakeFile File, TableProfile Profile)>> BuildAsync(Action<double?, string?> progress)
    {
        progress(0, "silver events");
        builder.FindRepeated();
        var events = Build(builder, CanonicalTable.Events, threads);
        progress(0.5, "silver customers and products");
        var sideBySide = events.Result.Account.RowsOut <= SideBySideEvents;
        var ownThreads = sideBySide ? threads : Math.Max(1, threads / 2);
        using var connection = duckDb.Duplicate();
        var other = builder.Over(connection);
        var apart = !new SilverSql(mapping, CanonicalTable.Products).Reads(CanonicalTable.Customers);
        // Customers take about as long as all the rest.
        var first = Run(() =>
        {
            var customers = Describe(duckDb, Build(builder, CanonicalTable.Customers, ownThreads));
            return (Customers: customers, Products: apart ? default : Describe(duckDb, Build(builder, CanonicalTable.Products, ownThreads)));
        });
        if (!sideBySide)
            await first;
        var second = Run(() =>
        {
            var products = apart ? Describe(connection, Build(other, CanonicalTable.Products, ownThreads)) : default;
            return (Events: Describe(connection, events), Products: products);
        });
        await Task.WhenAll(first, second);
        var (ofFirst, ofSecond) = (await first, await second);
        return await Task.WhenAll(new[] { ofSecond.Events, ofFirst.Customers, apart ? ofSecond.Products : ofFirst.Products }.Select(Kept));
    }

    private static async Task<(SilverTableResult Table, LakeFile File, TableProfile Profile)> Kept((Built Table, TableProfile Profile) described) =>
        (described.Table.Result, await described.Table.File, described.Profile);

    private Built Build(SilverBuilder on, CanonicalTable table, int ownThreads)
    {
        var result = on.Build(table, newFile(table), ownThreads);
        return new Built(result, Task.Run(() => keep(result), cancellationToken));
    }

    private (Built Table, TableProfile Profile) Describe(DuckDbConnection on, Built table) => (table, new SilverProfiler(on, cancellationToken).Profile(table.Result));

    // Each blocks its thread for as long as its statements take.
    private Task<T> Run<T>(Func<T> work) => Task.Factory.StartNew(work, cancellationToken, TaskCreationOptions.LongRunning, TaskScheduler.Default);

    private sealed record Built(SilverTableResult Result, Task<LakeFile> File);
}
