using System.Text.RegularExpressions;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>Makes the statements that build one silver table out of the mapping's SELECT.</summary>
internal sealed partial class SilverSql(SourceMapping mapping, CanonicalTable table)
{
    /// <summary>Column of the mapping's SELECT that gives the reason a row is left out.</summary>
    public const string Drop = "_drop";

    /// <summary>Column of the mapping's SELECT that names the columns of the row it filled in, separated by commas; null where it filled in none.</summary>
    public const string Imputed = "_imputed";

    private string Place => $"{mapping.File}, silver.{table.Name}";

    /// <summary>Staged rows, the dropped ones with their reason.</summary>
    public string StagedName => $"staged_{table.Name}";

    public static string BronzeName(string entity) => $"bronze_{entity}";

    public static string SilverName(string name) => $"silver_{name}";

    /// <summary>The mapping's SELECT with our names for its tables.</summary>
    /// <exception cref="TaskFailedException">The mapping has no such table, or its SQL names a table there is not.</exception>
    public string Select()
    {
        if (!mapping.Silver.TryGetValue(table.Name, out var silver))
            throw Wrong($"is missing. Add {{\"sql\": [\"select … from {{bronze.events}}\"]}} with the columns {Names(table.Columns)}.");
        return Placeholder().Replace(string.Join('\n', silver.Sql), match => Resolve(match.Groups["layer"].Value, match.Groups["name"].Value));
    }

    /// <summary>Checks what the SELECT yields against the canonical columns.</summary>
    /// <exception cref="TaskFailedException">A column is missing or of another type; the message names file and table and says what to write.</exception>
    public void Check(IReadOnlyList<LakeColumn> columns)
    {
        var byName = columns.ToDictionary(c => c.Name, StringComparer.OrdinalIgnoreCase);
        foreach (var column in table.Columns)
        {
            if (!byName.TryGetValue(column.Name, out var found))
            {
                if (!column.MayBeMissing)
                    throw Wrong($"yields no column '{column.Name}'. Required are {Names(table.Columns.Where(c => !c.MayBeMissing))}; it yields {string.Join(", ", columns.Select(c => c.Name))}.");
            }
            else if (!string.Equals(found.Type, column.Type, StringComparison.OrdinalIgnoreCase))
                throw Wrong($"yields '{column.Name}' as {found.Type}; it must be {column.Type}. Write cast(… as {column.Type.ToLowerInvariant()}) as {column.Name}.");
        }
        if (byName.TryGetValue(Imputed, out var imputed) && !string.Equals(imputed.Type, "VARCHAR", StringComparison.OrdinalIgnoreCase))
            throw Wrong($"yields '{Imputed}' as {imputed.Type}; it must be VARCHAR: null, or the names of the columns that were filled in, separated by commas.");
        if (byName.TryGetValue(Drop, out var drop) && !string.Equals(drop.Type, "VARCHAR", StringComparison.OrdinalIgnoreCase))
            throw Wrong($"yields '{Drop}' as {drop.Type}; it must be VARCHAR: null to keep a row, otherwise the reason it is left out.");
    }

    /// <summary>Creates the staged table.</summary>
    public string Stage(string select, IReadOnlyList<LakeColumn> columns)
    {
        var given = columns.Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        var canonical = table.Columns.Select(c => given.Contains(c.Name) ? c.Name : $"cast(null as {c.Type}) as {c.Name}");
        var extras = columns.Select(c => c.Name)
            .Where(name => name != Drop && table.Columns.All(c => !string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase)))
            .Select(DuckDbSql.Identifier);
        string[] activity = table == CanonicalTable.Events ? [$"{IsActivity()} as is_activity"] : [];
        return
            $"""
            create temp table {StagedName} as
            select {string.Join(", ", canonical.Concat(activity).Concat(extras))},
              coalesce({(given.Contains(Drop) ? Drop : "null")}, {string.Join(", ", Reasons(columns))}) as {Drop}
            from (
            {select}
            )
            """;
    }

    /// <summary>Gives all but one of the kept rows with the same key a reason; null for tables without a key. Which one stays depends on nothing but the values.</summary>
    public string? DropRepeatedKeys(IReadOnlyList<LakeColumn> columns) => table.Key is not { } key
        ? null
        : $"""
        update {StagedName}
        set {Drop} = 'repeated_{key}'
        where rowid in (
          select place
          from (
            select rowid as place, row_number() over (partition by {key} order by {string.Join(", ", columns.Where(c => c.Name is not (Drop or Imputed)).Select(c => DuckDbSql.Identifier(c.Name)))}) as number
            from {StagedName}
            where {Drop} is null
              and {key} in (
                select {key}
                from {StagedName}
                where {Drop} is null
                group by all
                having count(*) > 1)
          )
          where number > 1)
        """;

    /// <summary>The rows that are kept, in the order they are written.</summary>
    /// <param name="oneLineEach">Whether no two rows come from the same line of one file: then the line alone orders them.</param>
    /// <param name="inLineOrder">Whether they lie in the order of their lines.</param>
    /// <param name="given">Columns of the mapping's SELECT.</param>
    public string Kept(bool oneLineEach, bool inLineOrder, IReadOnlyList<LakeColumn> given) =>
        $"""
        select * exclude ({Drop}{(TellsImputed(given) ? $", {Imputed}" : "")})
        from {StagedName}
        where {Drop} is null
        {(oneLineEach && inLineOrder ? "" : $"order by {(oneLineEach ? "line" : string.Join(", ", table.Order))}")}
        """;

    /// <summary>Whether the SELECT says what it filled in.</summary>
    public static bool TellsImputed(IReadOnlyList<LakeColumn> given) => given.Any(column => column.Name == Imputed);

    private string Resolve(string layer, string name) => layer switch
    {
        "bronze" when mapping.Entities.ContainsKey(name) => BronzeName(name),
        "bronze" => throw Wrong($"names {{bronze.{name}}}; the entities of this source are {string.Join(", ", mapping.Entities.Keys)}."),
        "silver" when CanonicalTable.All.TakeWhile(t => t != table).Any(t => t.Name == name) => SilverName(name),
        _ => throw Wrong($"names {{{layer}.{name}}}; it may read bronze tables and the silver tables made before it ({string.Join(", ", CanonicalTable.All.TakeWhile(t => t != table).Select(t => t.Name).DefaultIfEmpty("none"))})."),
    };

    private string IsActivity()
    {
        var types = mapping.Activity.EventTypes;
        if (types.FirstOrDefault(t => !CanonicalTable.EventTypes.Contains(t)) is { } unknown)
            throw new TaskFailedException(
                $"{mapping.File}: activity.eventTypes names '{unknown}'; allowed are {string.Join(", ", CanonicalTable.EventTypes)}. An empty list means every event.", retryable: false);
        return types.Count == 0 ? "true" : $"event_type in ({string.Join(", ", types.Select(DuckDbSql.Literal))})";
    }

    /// <summary>Reasons every source has, each an expression that is null for a good row.</summary>
    private IEnumerable<string> Reasons(IReadOnlyList<LakeColumn> columns)
    {
        var given = columns.Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);
        foreach (var column in table.Columns.Where(c => !c.MayBeNull))
            yield return $"case when {column.Name} is null then 'missing_{column.Name}' end";
        foreach (var column in table.Columns.Where(c => c.Type == "DOUBLE" && given.Contains(c.Name)))
            yield return $"case when not isfinite({column.Name}) then '{column.Name}_not_finite' end";
        if (table == CanonicalTable.Events)
            yield return $"case when event_type not in ({string.Join(", ", CanonicalTable.EventTypes.Select(DuckDbSql.Literal))}) then 'unknown_event_type' end";
    }

    private TaskFailedException Wrong(string problem) => new($"{Place} {problem}", retryable: false);

    private static string Names(IEnumerable<CanonicalColumn> columns) => string.Join(", ", columns.Select(c => $"{c.Name} ({c.Type.ToLowerInvariant()})"));

    [GeneratedRegex(@"\{(?<layer>[a-z]+)\.(?<name>[a-z_][a-z0-9_]*)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();
}
