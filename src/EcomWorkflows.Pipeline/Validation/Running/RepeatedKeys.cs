using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Statistics;
using EcomWorkflows.Pipeline.Validation.Checks;

namespace EcomWorkflows.Pipeline.Validation.Running;

/// <summary>Looks for the repeated hashes of the checks that need them, one check after the other, on a connection and a thread of its own: it takes about one core, and so do other checks.</summary>
internal sealed class RepeatedKeys : IDisposable
{
    private readonly DuckDbConnection duck;
    private readonly Dictionary<int, Task> searches = [];
    private readonly CancellationTokenSource stopping;

    private RepeatedKeys(DuckDbConnection duck, IEnumerable<OrderedCheck> checks, long rows, CancellationToken cancellationToken)
    {
        this.duck = duck.Duplicate();
        stopping = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        var before = Task.CompletedTask;
        foreach (var (ordinal, check) in checks)
        {
            if (check is SetCheck { Hashes: { } hashes, RepeatedHashes: { } table })
                searches.Add(ordinal, before = FindAsync(before, hashes, table, rows));
        }
    }

    /// <param name="rows">How many rows the table has.</param>
    public static RepeatedKeys Find(DuckDbConnection duck, IEnumerable<OrderedCheck> checks, long rows, CancellationToken cancellationToken) => new(duck, checks, rows, cancellationToken);

    /// <summary>Waits for those of a check; nothing where it needs none.</summary>
    /// <exception cref="DuckDbException">They cannot be computed.</exception>
    public void Wait(int ordinal)
    {
        if (searches.TryGetValue(ordinal, out var search))
            search.GetAwaiter().GetResult();
    }

    public void Dispose()
    {
        stopping.Cancel();
        // What failed was said by Wait, or nobody needs it any more.
        Task.WhenAll(searches.Values).ConfigureAwait(ConfigureAwaitOptions.SuppressThrowing).GetAwaiter().GetResult();
        duck.Dispose();
        stopping.Dispose();
    }

    private async Task FindAsync(Task before, string hashes, string table, long rows)
    {
        await before.ConfigureAwait(ConfigureAwaitOptions.ForceYielding | ConfigureAwaitOptions.SuppressThrowing);
        RepeatedHashes.Find(duck, hashes, table, rows, stopping.Token);
    }
}
