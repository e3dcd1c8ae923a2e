using System.CommandLine;
using EcomWorkflows.Orchestration.Dags;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom dags diff [DAG]</c>.</summary>
internal static class DagsDiffCommand
{
    public static Command Create()
    {
        var dagId = new Argument<string?>("dag") { Description = "Id of the DAG; all where none is named.", Arity = ArgumentArity.ZeroOrOne };
        var command = new Command("diff", "What the published DAGs mean differently from their files, and the lines an export would change.") { dagId };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DagsCommand.OpenAsync(cancellationToken);
            var files = new DagFiles(session);
            var differences = new List<DagFileDifference>();
            foreach (var dag in await files.ChosenAsync(parsed.GetValue(dagId), cancellationToken))
            {
                var (current, text) = await files.CurrentAsync(dag, cancellationToken);
                var file = await files.OnDiskAsync(dag, cancellationToken);
                var lines = file switch
                {
                    null => ["there is no file; ./ecom dags export writes one"],
                    { Dag: { } before } => DagDifference.Lines(before, current),
                    _ => file.Problems.Select(problem => $"the file cannot be read: {problem.Place}: {problem.Message}").ToList(),
                };
                var name = "workflows/" + DagFiles.FileName(dag);
                var unified = TextDifference.Unified(file is { Dag: not null } ? files.Written(file) : "", text, name, $"{dag.DagId} version {dag.CurrentVersion}");
                if (lines.Count > 0 || unified.Length > 0)
                    differences.Add(new DagFileDifference(dag.DagId, dag.CurrentVersion, name, lines, unified));
            }
            CommandOutput.WriteOne(parsed, differences, () => Print(differences));
            return ExitCode.Done;
        });
        return command;
    }

    private static void Print(List<DagFileDifference> differences)
    {
        if (differences.Count == 0)
            Console.WriteLine("No differences.");
        foreach (var difference in differences)
        {
            Console.WriteLine($"{difference.DagId} version {difference.Version} and {difference.File}:");
            foreach (var line in difference.Meaning)
                Console.WriteLine($"  {line}");
            if (difference.Meaning.Count == 0)
                Console.WriteLine("  the same meaning; only the layout differs");
            Console.WriteLine();
            Console.WriteLine(difference.Text);
        }
    }
}
