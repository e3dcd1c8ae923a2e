using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion.Drift;

/// <summary>Compares what was delivered with what is declared.</summary>
internal sealed class DriftRules(string mappingFile, string entity, IReadOnlyList<SourceColumn> declared, DriftPolicy policy)
{
    /// <summary>Fewer records than this are single bad records, not another schema.</summary>
    internal const int FewestRecords = 20;

    /// <summary>The share of a file's records from which on they are.</summary>
    internal const double LeastShare = 0.1;

    public static DriftRules Create(SourceMapping mapping, string entity, DriftPolicy defaults)
    {
        var (columns, given) = (mapping.Entities[entity].Columns, mapping.Entities[entity].Drift);
        return new DriftRules(mapping.File, entity, columns, new DriftPolicy(
            given.New ?? defaults.New, given.Missing ?? defaults.Missing, given.Reordered ?? defaults.Reordered, given.Retyped ?? defaults.Retyped, given.Uneven ?? defaults.Uneven));
    }

    /// <summary>Differences of names, order and types that are not accepted.</summary>
    public IReadOnlyList<DriftFinding> Compare(FoundColumns found)
    {
        var names = declared.Select(column => column.Name).ToList();
        var findings = new List<DriftFinding>();
        var missing = names.Except(found.Names, StringComparer.OrdinalIgnoreCase).ToList();
        var gone = names.Where(found.Gone.ContainsKey).ToList();
        var unknown = found.Names.Except(names, StringComparer.OrdinalIgnoreCase).ToList();
        var common = found.Names.Where(name => names.Contains(name, StringComparer.OrdinalIgnoreCase)).ToList();
        if (missing.Count + gone.Count > 0)
            Add(DriftKind.Missing, policy.Missing, $"Missing: {string.Join(", ", missing.Concat(gone.Select(name => $"{name} ({found.Gone[name]})")))}.");
        if (unknown.Count > 0)
            Add(DriftKind.New, policy.New, $"Not declared: {string.Join(", ", unknown.Select(name => found.Since.TryGetValue(name, out var since) ? $"{name} ({since})" : name))}.");
        if (common.Count > common.Distinct(StringComparer.OrdinalIgnoreCase).Count())
            Add(DriftKind.New, policy.New, $"Twice: {string.Join(", ", common.GroupBy(name => name, StringComparer.OrdinalIgnoreCase).Where(same => same.Count() > 1).Select(same => same.Key))}.");
        else if (found.HasOrder && !common.SequenceEqual(names.Except(missing, StringComparer.OrdinalIgnoreCase), StringComparer.OrdinalIgnoreCase))
            Add(DriftKind.Reordered, policy.Reordered, "The columns are the same in another order.");
        foreach (var column in declared)
        {
            if (found.Types.TryGetValue(column.Name, out var type) && !TypeFamily.Holds(column.Type, type))
                Add(DriftKind.Retyped, policy.Retyped, $"Column {column.Name} is {type}; declared is {column.Type}.");
        }
        return findings;

        void Add(DriftKind kind, DriftAction? action, string message)
        {
            if (action != DriftAction.Accept)
                findings.Add(new DriftFinding(kind, action!.Value, message));
        }
    }

    /// <summary>
    /// Whether a member that is left out where it has no value has gone for good: so many records at the end are without it that this would be chance in less than one
    /// case of a million, if they had it as often as those before.
    /// </summary>
    /// <param name="with">Records that have it.</param>
    /// <param name="last">Number of the last record that has it, from 1.</param>
    /// <param name="records">Records of the file.</param>
    internal static bool IsGone(long with, long last, long records)
    {
        const double improbable = 14; // exp(-14) is less than a millionth
        var without = records - last;
        return without >= FewestRecords && without >= LeastShare * records && without * ((double)with / last) >= improbable;
    }

    /// <summary>Whether so many records of a file were rejected for the same reason that its schema must have changed.</summary>
    public IReadOnlyList<DriftFinding> Compare(string name, long records, IReadOnlyList<RejectedShare> rejected)
    {
        var findings = new List<DriftFinding>();
        foreach (var share in rejected.Where(share => share.Records >= FewestRecords && share.Records >= LeastShare * records))
        {
            var (kind, action) = share.Rule == RejectRule.Columns ? (DriftKind.Uneven, policy.Uneven) : (DriftKind.Retyped, policy.Retyped);
            if (action != DriftAction.Accept)
                findings.Add(new DriftFinding(
                    kind, action!.Value,
                    $"{name}: {share.Records} of {records} records, the first on line {share.FirstLine}, do not fit{(share.Column is null ? "" : $" column {share.Column}")}: {share.Example}. The schema seems to have changed there."));
        }
        return findings;
    }

    /// <summary>What it means that the member of an answer is left out which says whether there is more.</summary>
    /// <param name="member">Where the mapping says it is.</param>
    /// <param name="page">Address of the last page, a full one.</param>
    /// <param name="records">What was read until then.</param>
    public DriftFinding? WithoutNext(string member, Uri page, long records) => policy.Missing == DriftAction.Accept
        ? null
        : new DriftFinding(
            DriftKind.Missing, policy.Missing!.Value,
            $"{page} is a full page but has no member \"{member}\" (format.next in the source mapping), which says whether there is more: there may be more than the {records} records read. "
            + "Open the address to see what it answers; where the API leaves the member out on its last page, that page was full by chance.");

    /// <summary>What to say of differences of names, order and types.</summary>
    public string Describe(FoundColumns found, IEnumerable<DriftFinding> findings) =>
        $"{found.Place} is not the declared one. Declared: {string.Join(',', declared.Select(column => column.Name))}. Found: {found.Shown}. "
        + string.Join(' ', findings.Select(finding => finding.Message));

    public TaskFailedException Refuse(string description, IEnumerable<DriftFinding> findings)
    {
        var kinds = findings.Where(finding => finding.Action == DriftAction.Fail).Select(finding => $"\"{finding.Kind.ToString().ToLowerInvariant()}\"").Distinct();
        return new TaskFailedException(
            $"{description} Correct the file, or the columns in {mappingFile}. To read such files anyway, set {string.Join(" and ", kinds)} in entities.{entity}.drift there to \"warn\" or \"accept\". Nothing was published.",
            FailureCause.BadData, retryable: false);
    }
}
