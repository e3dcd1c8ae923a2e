namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What the name of a template refers to.</summary>
public abstract record TemplateName
{
    /// <summary>Names without a dot, with what they give; the examples are those of a run for 2026-11-21.</summary>
    public static IReadOnlyList<(string Name, string Description)> Simple { get; } =
    [
        ("ds", "logical date, 2026-11-21"),
        ("ds_nodash", "logical date, 20261121"),
        ("ts", "logical date and time, 2026-11-21T00:00:00Z"),
        ("ts_nodash", "logical date and time, 20261121T000000"),
        ("logical_date", "logical date and time, 2026-11-21T00:00:00Z"),
        ("data_interval_start", "start of the data interval, inclusive"),
        ("data_interval_end", "end of the data interval, exclusive"),
        ("run_id", "name of the run inside its DAG"),
        ("run_type", "manual, scheduled, backfill or asset_triggered"),
        ("dag_id", "id of the DAG"),
        ("task_id", "id of the task"),
        ("try_number", "number of this try, from 1"),
        ("map_index", "number of the element, from 0; only in mapped tasks"),
    ];

    /// <summary>Fields of a connection that templates may name; of <c>extra</c> a member, <c>extra.region</c>.</summary>
    public static IReadOnlyList<string> ConnectionFields { get; } = ["host", "port", "login", "password", "schema", "type"];

    private const string ExtraMarker = ".extra.";
    private const string OutputsMarker = ".outputs.";

    private TemplateName()
    {
    }

    /// <summary>One of <see cref="Simple"/>.</summary>
    public sealed record Fact(string Name) : TemplateName;

    /// <summary><c>params.&lt;name&gt;</c>, and on into an object or list.</summary>
    public sealed record Param(string Name, IReadOnlyList<string> Path) : TemplateName;

    /// <summary><c>map_item</c>, and on into an object or list.</summary>
    public sealed record MapItem(IReadOnlyList<string> Path) : TemplateName;

    /// <summary><c>tasks.&lt;id&gt;.outputs.&lt;name&gt;</c>, and on into an object or list.</summary>
    public sealed record Output(string TaskId, string Name, IReadOnlyList<string> Path) : TemplateName;

    /// <summary><c>var.&lt;name&gt;</c>.</summary>
    public sealed record Variable(string Name) : TemplateName;

    /// <summary><c>conn.&lt;name&gt;.&lt;field&gt;</c>; a field <c>extra.x</c> is member x of the extra.</summary>
    public sealed record Connection(string Name, string Field) : TemplateName;

    /// <summary>Tells what a dotted name refers to; null where it is none of the kinds.</summary>
    public static TemplateName? Read(string path)
    {
        if (Simple.Any(known => known.Name == path))
            return new Fact(path);
        var words = path.Split('.');
        if (words.Any(word => word.Length == 0))
            return null;
        switch (words[0])
        {
            case "map_item":
                return new MapItem(words[1..]);
            case "params" when words.Length > 1:
                return new Param(words[1], words[2..]);
            case "var" when words.Length > 1:
                return new Variable(path["var.".Length..]);
            case "conn" when path.IndexOf(ExtraMarker, StringComparison.Ordinal) is > 4 and var extra:
                return new Connection(path["conn.".Length..extra], path[(extra + 1)..]);
            case "conn" when words.Length > 2:
                return new Connection(string.Join('.', words[1..^1]), words[^1]);
            case "tasks" when path.IndexOf(OutputsMarker, StringComparison.Ordinal) is > 5 and var outputs:
                var member = path[(outputs + OutputsMarker.Length)..].Split('.');
                return new Output(path["tasks.".Length..outputs], member[0], member[1..]);
            default:
                return null;
        }
    }
}
