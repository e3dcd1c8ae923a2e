using System.CommandLine;
using System.Text;
using EcomWorkflows.Server.Hosting;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom dags export [DAG] [--to FOLDER]</c>.</summary>
internal static class DagsExportCommand
{
    public static Command Create()
    {
        var dagId = new Argument<string?>("dag") { Description = "Id of the DAG; all where none is named.", Arity = ArgumentArity.ZeroOrOne };
        var to = new Option<string?>("--to") { Description = "Folder to write to; workflows/ where none is given." };
        var command = new Command("export", "Write published DAGs to their files, in one stable form that differs only where something was changed.") { dagId, to };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            await using var session = await DagsCommand.OpenAsync(cancellationToken);
            var files = new DagFiles(session);
            var folder = parsed.GetValue(to) is { } given ? Path.GetFullPath(given) : files.WorkflowsFolder;
            Directory.CreateDirectory(folder);
            var isHome = folder == Path.GetFullPath(files.WorkflowsFolder);
            var rows = new List<ExportedDag>();
            foreach (var dag in await files.ChosenAsync(parsed.GetValue(dagId), cancellationToken))
            {
                var path = Path.Combine(folder, DagFiles.FileName(dag));
                var isConflict = isHome && parsed.GetValue(dagId) is null && await files.IsInConflictAsync(dag, await files.OnDiskAsync(dag, cancellationToken), cancellationToken);
                var (_, text) = await files.CurrentAsync(dag, cancellationToken);
                var state = isConflict ? "conflict" : await WriteAsync(path, text, cancellationToken) ? "written" : "unchanged";
                rows.Add(new ExportedDag(dag.DagId, dag.CurrentVersion, path, state, dag.HasDraft));
            }
            // From here on the DAG and its file count as equal.
            if (isHome)
                ImportErrorNotice.Write(await session.Get<WorkflowImport>().RunAsync(cancellationToken));
            CommandOutput.Write(parsed, rows, ("dag", row => row.DagId), ("version", row => row.Version), ("file", row => row.File), ("state", row => row.State), ("draft", row => row.HasDraft));
            foreach (var row in rows.Where(row => row.State == "conflict"))
                await Console.Error.WriteLineAsync($"{row.DagId}: the file was changed too and was not overwritten. See ./ecom dags diff {row.DagId}; overwrite it with ./ecom dags export {row.DagId}.");
            return rows.Any(row => row.State == "conflict") ? ExitCode.Failed : ExitCode.Done;
        });
        return command;
    }

    private static async Task<bool> WriteAsync(string path, string text, CancellationToken cancellationToken)
    {
        var bytes = Encoding.UTF8.GetBytes(text);
        var present = File.Exists(path) ? await File.ReadAllBytesAsync(path, cancellationToken) : null;
        if (present is not null && bytes.AsSpan().SequenceEqual(present))
            return false;
        // Whoever watches the folder sees the old file or the new one, never half of it.
        var temporary = path + ".writing";
        await File.WriteAllBytesAsync(temporary, bytes, cancellationToken);
        File.Move(temporary, path, overwrite: true);
        return true;
    }
}
