using System.CommandLine;
using EcomWorkflows.Pipeline.Versioning;

namespace EcomWorkflows.Server.Cli.Datasets;

/// <summary><c>ecom datasets</c>: versions of raw files, tables and training sets.</summary>
internal static class DatasetsCommand
{
    public static Command Create() => new("datasets", "Versions of raw files, tables and training sets: list, compare, check out, verify, exchange with a remote.")
    {
        DatasetsListCommand.Create(),
        DatasetsLogCommand.Create(),
        DatasetsShowCommand.Create(),
        DatasetsDiffCommand.Create(),
        DatasetsCheckoutCommand.Create(),
        DatasetsAddCommand.Create(),
        DatasetsVerifyCommand.Create(),
        DatasetsGcCommand.Create(),
        DatasetsRemoteCommand.Create(),
        DatasetsPushCommand.Create(),
        DatasetsPullCommand.Create(),
    };

    /// <summary>A session whose index knows every tag of the dataset repository, and in which what a crash left half done is complete.</summary>
    public static async Task<CommandSession> OpenAsync(CancellationToken cancellationToken)
    {
        var session = await CommandSession.OpenAsync(cancellationToken);
        try
        {
            await session.Get<ManualDatasets>().CompleteAsync(cancellationToken);
            return session;
        }
        catch
        {
            await session.DisposeAsync();
            throw;
        }
    }

    public static Argument<string> Version(string name = "version") => new(name) { Description = "A tag (shop-silver/v3), DATASET@vN (shop/silver@v3), or a dataset for its newest version (shop/silver)." };
}
