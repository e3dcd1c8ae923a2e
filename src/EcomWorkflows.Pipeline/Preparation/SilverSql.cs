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

    /// <summary>More names make the statement long and save nothing.</summary>
    private const int MostFiles = 100;

    /// <summary>Of more values the right one is looked up.</summary>
    private const int MostCompared = 8;

    private string Place => $"{mapping.File}, silver.{table.Name}";

    /// <summary>Staged rows of a table with a key, the dropped ones with their reason.</summary>
    public string StagedName => $"staged_{table.Name}";

    public static string BronzeName(string entity) => $"bronze_{entity}";

    public static string SilverName(string name) => $"silver_{name}";

    /// <summary>An entity's bronze rows with the column <c>_repeated</c>.</summary>
    public string MarkedName(string entity) => $"marked_{table.Name}_{entity}";

    private string RepeatedName(string entity) => $"repeated_{table.Name}_{entity}";

    /// <summary>The mapping's SELECT with our names for its tables.</summary>
    /// <exception cref="TaskFailedException">The mapping has no such table, or its SQL names a table there is not.</exception>
    public string Select()
    {
        if (!mapping.Silver.TryGetValue(table.Name, out var silver))
            throw Wrong($"is missing. Add {{\"sql\": [\"select … from {{bronze.events}}\"]}} with the columns {Names(table.Columns)}.");
        if (Unrepeatable().Match(string.Join('\n', silver.Sql)) is { Success: true } call)
            throw Wrong($"calls {call.Value.TrimEnd('(', ' ')}(). It must yield the same rows each time: order before a limit, and no random values.");
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

    /// <summary>Finds the repeated rows the SELECT asks for: a name, the entity and the columns of each.</summary>
    /// <exception cref="TaskFailedException">The mapping names an entity or a column there is not.</exception>
    public IEnumerable<(string Name, string Entity, string Columns)> Repeated()
    {
        foreach (var (entity, columns) in mapping.Silver.GetValueOrDefault(table.Name)?.Repeated ?? new Dictionary<string, IReadOnlyList<string>>())
        {
            if (!mapping.Entities.TryGetValue(entity, out var declared))
                throw Wrong($"finds repeated rows of '{entity}'; the entities of this source are {string.Join(", ", mapping.Entities.Keys)}.");
            if (columns.Count == 0)
                throw Wrong($"finds repeated rows of '{entity}' but names no column of it. Name those in which a row may equal no other.");
            var known = declared.Columns.Select(column => column.Name).ToList();
            if (columns.FirstOrDefault(column => !known.Contains(column, StringComparer.OrdinalIgnoreCase)) is { } unknown)
                throw Wrong($"finds repeated rows of '{entity}' by '{unknown}'; its columns are {string.Join(", ", known)}.");
            yield return (RepeatedName(entity), entity, string.Join(", ", columns.Select(DuckDbSql.Identifier)));
        }
    }

    /// <summary>The rows of the SELECT, the dropped ones with their reason.</summary>
    private string Rows(string select, IReadOnlyList<LakeColumn> columns)
    {
        var given = Given(columns);
        var canonical = table.Columns.Where(c => given.Contains(c.Name)).Select(c => c.Name);
        var reasons = Reasons(columns).ToList();
        // Nearly all rows are good: the conditions are asked for all of them, which one it was only where one holds.
        return
            $"""
            select {string.Join(", ", canonical.Concat(Extras(columns)))},
              coalesce(
                {(given.Contains(Drop) ? Drop : "null")},
                case when {string.Join(" or ", reasons.Select(reason => reason.Condition))}
                then case {string.Join(" ", reasons.Select(reason => $"when {reason.Condition} then '{reason.Name}'"))} end end) as {Drop}
            from (
            {select}
            )
            """;
    }

    /// <summary>
    /// The columns of the file over those of <see cref="Rows"/> that are kept: the canonical ones in their order, then the SELECT's others. What is the same in all rows is added
    /// only here, so that it is not carried along with each. Texts of which all values are known are written as enumerations, in half the time; the file holds texts all the same.
    /// </summary>
    /// <param name="files">The files the rows come from; none where they are not known.</param>
    /// <remarks>A file that is not among them is a conversion error when the rows are written.</remarks>
    public string Columns(IReadOnlyList<LakeColumn> columns, IReadOnlyCollection<string> files)
    {
        var given = Given(columns);
        var canonical = table.Columns.Select(c => (given.Contains(c.Name), c.Name) switch
        {
            (false, _) => $"cast(null as {c.Type}) as {c.Name}",
            (_, "event_type") => Enumerated(c.Name, CanonicalTable.EventTypes),
            (_, "file") when files.Count is > 0 and <= MostFiles => Enumerated(c.Name, files),
            _ => c.Name,
        });
        string[] activity = table == CanonicalTable.Events ? [$"{IsActivity()} as is_activity"] : [];
        return string.Join(", ", canonical.Concat(activity).Concat(Extras(columns).Where(name => name != DuckDbSql.Identifier(Imputed))));
    }

    /// <summary>As <see cref="Rows"/>, those of a table with a key in the order of the key.</summary>
    public string RowsInOrder(string select, IReadOnlyList<LakeColumn> columns) =>
        table.Key is null ? Rows(select, columns) : $"{Rows(select, columns)}\norder by {table.Key}";

    /// <summary>Keeps rows as a table of their own, to find what is repeated in it.</summary>
    public string Stage(string rows) =>
        $"""
        create temp table {StagedName} as
        {rows}
        """;

    /// <summary>Gives all but one of the kept rows with the same key a reason; which one stays depends on nothing but the values.</summary>
    public string DropRepeatedKeys(IReadOnlyList<LakeColumn> columns) =>
        $"""
        update {StagedName}
        set {Drop} = 'repeated_{table.Key}'
        where rowid in (
          select place
          from (
            select rowid as place, row_number() over (partition by {table.Key} order by {string.Join(", ", columns.Where(c => c.Name is not (Drop or Imputed)).Select(c => DuckDbSql.Identifier(c.Name)))}) as number
            from {StagedName}
            where {Drop} is null
              and {table.Key} in (
                select {table.Key}
                from {StagedName}
                where {Drop} is null
                group by all
                having count(*) > 1)
          )
          where number > 1)
        """;

    /// <summary>What <see cref="SilverWriter"/> accounts for a row by: the reason it is dropped for, the columns that were filled in, the hash of its file, and its line.</summary>
    public static string Account(IReadOnlyList<LakeColumn> given)
    {
        var columns = given.Select(column => column.Name).ToHashSet(StringComparer.Ordinal);
        var place = columns.Contains("file") && columns.Contains("line") ? "hash(file), try_cast(line as bigint)" : "0::ubigint, 0::bigint";
        return $"{Drop}, {(columns.Contains(Imputed) ? Imputed : "null::varchar")}, {place}";
    }

    /// <summary>Whether the SELECT reads another silver table.</summary>
    public bool Reads(CanonicalTable other) =>
        mapping.Silver.TryGetValue(table.Name, out var silver)
        && Placeholder().Matches(string.Join('\n', silver.Sql)).Any(match => match.Groups["layer"].Value == "silver" && match.Groups["name"].Value == other.Name);

    /// <summary>A text as one of the values. Where they are few they are compared, which takes a third of the time that DuckDB's cast takes to look one up.</summary>
    private static string Enumerated(string column, IReadOnlyCollection<string> values)
    {
        var type = $"enum({string.Join(", ", values.Select(DuckDbSql.Literal))})";
        if (values.Count > MostCompared)
            return $"cast({column} as {type}) as {column}";
        var cases = values.Select(DuckDbSql.Literal).Select(value => $"when {value} then {value}::{type}");
        return $"case {column} {string.Join(' ', cases)} else cast({column} as {type}) end as {column}";
    }

    private static HashSet<string> Given(IReadOnlyList<LakeColumn> columns) => columns.Select(c => c.Name).ToHashSet(StringComparer.OrdinalIgnoreCase);

    /// <summary>The SELECT's columns that are not canonical.</summary>
    private IEnumerable<string> Extras(IReadOnlyList<LakeColumn> columns) => columns.Select(c => c.Name)
        .Where(name => name != Drop && table.Columns.All(c => !string.Equals(c.Name, name, StringComparison.OrdinalIgnoreCase)))
        .Select(DuckDbSql.Identifier);

    private string Resolve(string layer, string name) => layer switch
    {
        "bronze" when mapping.Entities.ContainsKey(name) => mapping.Silver[table.Name].Repeated?.ContainsKey(name) == true ? MarkedName(name) : BronzeName(name),
        "bronze" => throw Wrong($"names {{bronze.{name}}}; the entities of this source are {string.Join(", ", mapping.Entities.Keys)}."),
        "repeated" => throw Wrong($"names {{repeated.{name}}}. Rows that equal an earlier one have a true in the column _repeated of {{bronze.{name}}}, where \"repeated\" names the columns to compare."),
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

    /// <summary>Reasons every source has to leave out a row, the first that holds is told.</summary>
    private IEnumerable<(string Condition, string Name)> Reasons(IReadOnlyList<LakeColumn> columns)
    {
        var given = Given(columns);
        foreach (var column in table.Columns.Where(c => !c.MayBeNull))
            yield return ($"{column.Name} is null", $"missing_{column.Name}");
        foreach (var column in table.Columns.Where(c => c.Type == "DOUBLE" && given.Contains(c.Name)))
            yield return ($"not isfinite({column.Name})", $"{column.Name}_not_finite");
        if (table == CanonicalTable.Events)
            // Not as a list: DuckDB makes a join of one, which costs more than comparing.
            yield return ($"({string.Join(" and ", CanonicalTable.EventTypes.Select(type => $"event_type <> {DuckDbSql.Literal(type)}"))})", "unknown_event_type");
    }

    private TaskFailedException Wrong(string problem) => new($"{Place} {problem}", retryable: false);

    private static string Names(IEnumerable<CanonicalColumn> columns) => string.Join(", ", columns.Select(c => $"{c.Name} ({c.Type.ToLowerInvariant()})"));

    [GeneratedRegex(@"\{(?<layer>[a-z]+)\.(?<name>[a-z_][a-z0-9_]*)\}", RegexOptions.CultureInvariant | RegexOptions.ExplicitCapture)]
    private static partial Regex Placeholder();

    /// <summary>Functions that give another value with each call.</summary>
    [GeneratedRegex(@"\b(random|uuid|uuidv4|uuidv7|gen_random_uuid|nextval) *\(", RegexOptions.CultureInvariant | RegexOptions.IgnoreCase | RegexOptions.ExplicitCapture)]
    private static partial Regex Unrepeatable();
}
