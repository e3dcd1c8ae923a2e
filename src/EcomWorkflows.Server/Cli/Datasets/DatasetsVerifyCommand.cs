using System.CommandLine;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Pipeline.Versioning.Keeping;
using EcomWorkflows.Server.Dashboards;

namespace EcomWorkflows.Server.Cli.Datasets;

/// <summary><c>ecom datasets verify [VERSION...]</c>.</summary>
internal static class DatasetsVerifyCommand
{
    public static Command Create()
    {
        var words = new Argument<string[]>("version") { Description = "Versions to verify; all where none is named.", Arity = ArgumentArity.ZeroOrMore };
        var command = new Command("verify", "Read and hash everything versions stand on: git objects, pointers, every byte of content. Exit code 1 when something is not right.") { words };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DatasetsCommand.OpenAsync(cancellationToken);
            var versions = session.Get<DatasetVersions>();
            var chosen = new List<DatasetVersion>();
            foreach (var word in parsed.GetValue(words) ?? [])
                chosen.Add(await versions.ResolveAsync(word, cancellationToken));
            var report = await session.Get<DatasetVerification>().RunAsync(chosen.Count > 0 ? chosen : await versions.ListAsync(null, cancellationToken), cancellationToken);
            CommandOutput.WriteOne(parsed, report, () => Write(report));
            return report.Problems.Count == 0 ? ExitCode.Done : ExitCode.Failed;
        });
        return command;
    }

    private static void Write(VerificationReport report)
    {
        Console.WriteLine($"{report.Versions:#,0} version(s), {report.Contents:#,0} contents, {Show.Size(report.Bytes)} hashed: {(report.Problems.Count == 0 ? "all as it should be" : $"{report.Problems.Count:#,0} problem(s)")}");
        if (report.Problems.Count == 0)
            return;
        CommandOutput.WriteTable(["", "place", "what", "needed by"], report.Problems.Select(p => new object?[] { p.Kind, p.Place, p.Detail, p.Tags }));
        Console.WriteLine("What is missing or damaged in the cache comes back with: ./ecom datasets pull VERSION (from a remote it was pushed to).");
    }
}
