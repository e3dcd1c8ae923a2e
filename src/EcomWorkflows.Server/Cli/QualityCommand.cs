using System.CommandLine;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Validation;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom quality</c>: what validation found, how that changed over runs, and quarantine looked at again.</summary>
internal static class QualityCommand
{
    public static Command Create() => new("quality", "Show what validation found, the issues and their resolution, replay quarantined rows, and propose suites.")
    {
        QualityResultsCommand.Create(),
        QualityShowCommand.Create(),
        QualityIssuesCommand.Create(),
        QualityQuarantineCommand.Create(),
        QualityHistoryCommand.Create(),
        QualityReplayCommand.Create(),
        QualityProfileCommand.Create(),
    };

    public static Argument<string> Source() => new("source") { Description = "Source, as in workflows/sources." };

    public static Argument<string> Entity() => new("entity") { Description = "Entity of the source, for example events." };

    /// <summary>A source as tables name it, from the name of its mapping or of its tables.</summary>
    public static string TableSource(string source) => source.Replace('-', '_');

    /// <summary>The bronze table a person means, by the name of its source's mapping or of its tables.</summary>
    /// <exception cref="NotFoundException">There is no such table.</exception>
    public static Task<LakeTableName> TableAsync(CommandSession session, string source, string entity, CancellationToken cancellationToken) =>
        session.Get<LakeStore>().ExistingAsync(new LakeTableName("bronze", TableSource(source), entity), cancellationToken);

    /// <summary>The result a person means: its number, or <c>latest</c>.</summary>
    /// <exception cref="NotFoundException">There is none.</exception>
    public static async Task<QualitySummary> FindAsync(CommandSession session, string word, CancellationToken cancellationToken)
    {
        var results = session.Get<QualityResults>();
        if (word == "latest")
            return (await results.ListAsync(new QualityFilter(Limit: 1), cancellationToken)) is [var latest] ? latest : throw new NotFoundException("Nothing was validated yet.");
        if (!long.TryParse(word, out var id))
            throw new CliException(ExitCode.Usage, $"'{word}' names no validation result: give its number or latest (./ecom quality results shows them).");
        return await results.FindAsync(id, cancellationToken) ?? throw new NotFoundException($"There is no validation result {id}; ./ecom quality results shows them.");
    }
}
