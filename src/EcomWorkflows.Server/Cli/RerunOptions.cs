using System.CommandLine;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Cli;

/// <summary>The options with which <c>runs clear</c> and <c>runs mark</c> say what they are about.</summary>
internal sealed class RerunOptions
{
    private readonly Argument<string?> run = new("run") { Description = "Number of the run, DAG/NAME, or latest; left out with --dag.", Arity = ArgumentArity.ZeroOrOne };
    private readonly Option<string[]> task = new("--task", "-t") { Description = "This task, or one instance of a mapped task: score[3]; as often as needed." };
    private readonly Option<bool> upstream = new("--upstream") { Description = "With --task: also everything before it." };
    private readonly Option<bool> downstream = new("--downstream") { Description = "With --task: also everything after it." };
    private readonly Option<bool> past = new("--past") { Description = "Also in the DAG's earlier runs." };
    private readonly Option<bool> future = new("--future") { Description = "Also in the DAG's later runs." };
    private readonly Option<string?> dag = new("--dag") { Description = "Instead of a run: all runs of this DAG in the window." };
    private readonly Option<string?> from = LogicalDateOption.Create("--from", "With --dag: first logical date, a day in the DAG's time zone or a time.");
    private readonly Option<string?> to = LogicalDateOption.Create("--to", "With --dag: last logical date, inclusive: a whole day, or a time.");
    private readonly Option<string?> note = new("--note") { Description = "Keep this note with the instances." };

    public Option<bool> DryRun { get; } = new("--dry-run") { Description = "Only say what would change." };

    public bool NamesTasks(ParseResult parsed) => parsed.GetValue(task) is { Length: > 0 };

    public void AddTo(Command command)
    {
        command.Add(run);
        foreach (var option in new Option[] { task, upstream, downstream, past, future, dag, from, to, note, DryRun })
            command.Add(option);
        command.Validators.Add(result =>
        {
            if (result.GetValue(run) is null == (result.GetValue(dag) is null))
                result.AddError("Name a run, or --dag with --from or --to.");
            if (result.GetValue(dag) is not null && result.GetValue(from) is null && result.GetValue(to) is null)
                result.AddError("--dag needs a window: --from, --to, or both.");
        });
    }

    public async Task<RerunRequest> ReadAsync(ParseResult parsed, CommandSession session, bool onlyFailed, CancellationToken cancellationToken)
    {
        var (tasks, instances) = Names(parsed.GetValue(task) ?? []);
        var (first, last) = parsed.GetValue(dag) is { } dagId
            ? await LogicalDateOption.ReadAsync(session, dagId, parsed.GetValue(from), parsed.GetValue(to), cancellationToken)
            : default;
        return new RerunRequest(new ClearSelection(tasks, onlyFailed, parsed.GetValue(downstream), parsed.GetValue(upstream)) { Instances = instances })
        {
            RunId = parsed.GetValue(run) is { } word ? (await RunsCommand.FindAsync(session, word, cancellationToken)).RunId : null,
            Past = parsed.GetValue(past),
            Future = parsed.GetValue(future),
            DagId = parsed.GetValue(dag),
            From = first,
            To = last,
            Note = parsed.GetValue(note),
        };
    }

    /// <summary><c>score</c> is a task, <c>score[3]</c> one instance of it.</summary>
    internal static (IReadOnlyList<string>? Tasks, IReadOnlyList<InstanceKey> Instances) Names(IReadOnlyList<string> words)
    {
        var tasks = new List<string>();
        var instances = new List<InstanceKey>();
        foreach (var word in words)
        {
            if (InstanceName.Parse(word) is { } instance)
                instances.Add(instance);
            else
                tasks.Add(word);
        }
        return words.Count == 0 ? (null, []) : (tasks, instances);
    }
}
