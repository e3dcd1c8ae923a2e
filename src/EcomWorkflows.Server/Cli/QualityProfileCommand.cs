using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Validation.Proposal;
using EcomWorkflows.Server.Hosting;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom quality profile TABLE</c>: proposes a suite.</summary>
internal static class QualityProfileCommand
{
    private const int DefaultTrials = 20;
    private const int DefaultSeed = 1;
    private const int RollingBatches = 11;

    private static readonly JsonSerializerOptions Indented = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create()
    {
        var table = new Argument<string>("table") { Description = "A lake table such as bronze.shop.events, or a CSV, TSV, JSON lines or Parquet file, plain or packed." };
        var trials = new Option<int>("--trials") { Description = "How often it is fitted on one half and checked on the other; not used where six batches of history are there.", DefaultValueFactory = _ => DefaultTrials };
        var seed = new Option<int>("--seed") { Description = "Draws the halves.", DefaultValueFactory = _ => DefaultSeed };
        var name = new Option<string?>("--name") { Description = "Name of the suite; default from the table, for example shop/events." };
        var write = new Option<bool>("--write") { Description = "Write it to workflows/expectations/NAME.json; a suite that is there is not replaced." };
        var command = new Command("profile", "Propose an expectation suite from data, with the false alarms it would have had.") { table, trials, seed, name, write };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var word = parsed.GetRequiredValue(table);
            await using var session = File.Exists(word) ? null : await CommandSession.OpenAsync(cancellationToken);
            var options = session?.Get<PipelineOptions>() ?? EcomServices.PipelineOptions(EnvironmentSettings.Read());
            var folder = Directory.CreateTempSubdirectory("ecom-profile-");
            try
            {
                var batches = session is null
                    ? [await Task.Run(() => RowsOf(word, folder.FullName, options.DuckDbMemoryLimit, cancellationToken), cancellationToken)]
                    : await BatchesAsync(session, word, cancellationToken);
                var suite = parsed.GetValue(name) ?? (session is null ? Path.GetFileName(word).Split('.')[0] : string.Join('/', word.Split('.')[1..]));
                var proposal = await Task.Run(() => SuiteProfiler.Propose(suite, batches, parsed.GetValue(trials), parsed.GetValue(seed), options.ProfilingMemoryLimit, cancellationToken), cancellationToken);
                var file = parsed.GetValue(write) ? Write(options, suite, proposal) : null;
                CommandOutput.WriteOne(parsed, proposal, () => Show(proposal, file));
                return ExitCode.Done;
            }
            finally
            {
                folder.Delete(recursive: true);
            }
        });
        return command;
    }

    private static void Show(SuiteProposal proposal, string? file)
    {
        CommandOutput.WriteTable(
            ["expectation", "type", "severity", "false alarms", "in the suite", "arguments"],
            proposal.Expectations.Select(one => new object?[]
            {
                one.Code, one.Type, one.Severity, one.Trials == 0 ? "not tried" : $"{one.FalseAlarms} of {one.Trials}", one.Kept, one.Statement,
            }));
        Console.WriteLine(proposal.Basis);
        if (proposal.Limit is { } limit)
            Console.WriteLine(limit);
        Console.WriteLine(file is null ? "Write it with --write, or see it whole with --output json." : $"written to {file}");
    }

    private static async Task<IReadOnlyList<string>> BatchesAsync(CommandSession session, string word, CancellationToken cancellationToken)
    {
        var lake = session.Get<LakeStore>();
        if (word.Split('.') is not [var layer, var source, var name])
            throw new CliException(ExitCode.Usage, $"'{word}' is neither a file nor a lake table such as bronze.shop.events.");
        var history = await lake.HistoryAsync(new LakeTableName(layer, source, name), cancellationToken, RollingBatches);
        if (history.Count == 0)
        {
            var tables = await lake.TablesAsync(cancellationToken);
            throw new CliException(
                ExitCode.Usage, $"There is no file '{word}', and lake table {word} has never been published. Tables: {(tables.Count == 0 ? "none yet" : string.Join(", ", tables))}.");
        }
        var filled = history.Where(snapshot => snapshot.Rows > 0).ToList();
        if (history[0].Rows == 0)
        {
            throw new CliException(
                ExitCode.Usage,
                $"Lake table {word} is empty: run {history[0].RunId} published it without rows{(filled.Count == 0 ? "" : $", run {filled[0].RunId} before with {filled[0].Rows:N0}")}. "
                + $"There is nothing to propose a suite from; find out why with ./ecom lake snapshots {word}.");
        }
        return [.. filled.AsEnumerable().Reverse().Select(lake.Scan)];
    }

    /// <summary>The rows a file would have in bronze, so that the suite fits what ingestion makes of it.</summary>
    private static string RowsOf(string file, string folder, string memoryLimit, CancellationToken cancellationToken)
    {
        var reading = Read(file, folder, memoryLimit, cancellationToken);
        if (reading.Kept == 0)
            throw new CliException(ExitCode.Usage, $"{file} has no row to profile{(reading.Rejected > 0 ? $": none of its {reading.Rejected} records could be read" : "")}. See ./ecom sources infer {file}.");
        if (reading.Rejected > 0)
            Console.Error.WriteLine($"{reading.Rejected} of {reading.Kept + reading.Rejected} records of {file} are no rows as ./ecom sources infer proposes to read it; they are left out.");
        return reading.Rows;
    }

    private static FileReading Read(string file, string folder, string memoryLimit, CancellationToken cancellationToken)
    {
        try
        {
            return FileReading.Read(Path.GetFullPath(file), folder, memoryLimit, cancellationToken);
        }
        catch (TaskFailedException unreadable)
        {
            throw new CliException(ExitCode.Usage, unreadable.Message);
        }
    }

    private static string Write(PipelineOptions options, string suite, SuiteProposal proposal)
    {
        var file = Path.Combine(options.WorkflowsFolder, "expectations", $"{suite}.json");
        if (File.Exists(file))
            throw new CliException(ExitCode.Usage, $"{file} is there already: give another --name, or compare by hand with --output json.");
        Directory.CreateDirectory(Path.GetDirectoryName(file)!);
        File.WriteAllText(file, proposal.Suite.ToJsonString(Indented) + "\n");
        return file;
    }
}
