using System.Text.RegularExpressions;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Features.Offline;

/// <summary>Puts the lake's files in place of the tables a view's source names.</summary>
internal static partial class SourceSql
{
    /// <returns>SELECT of the source, or null for one that only takes pushes; and the snapshots it reads, by table.</returns>
    /// <exception cref="TaskFailedException">A table was never published.</exception>
    public static async Task<(string? Sql, IReadOnlyDictionary<string, long> Snapshots)> ResolveAsync(
        FeatureViewDefinition view, LakeStore lake, TaskContext context, CancellationToken cancellationToken)
    {
        var snapshots = new Dictionary<string, long>(StringComparer.Ordinal);
        if (view.From.Push)
            return (null, snapshots);
        var sql = view.From.Sql ?? $"select * from {{{view.From.Table}}}";
        foreach (var name in TableForm().Matches(sql).Select(m => m.Value).Distinct(StringComparer.Ordinal))
        {
            var parts = name.Trim('{', '}').Split('.');
            var snapshot = await lake.RequireAsync(new LakeTableName(parts[0], parts[1], parts[2]), context, cancellationToken);
            snapshots[snapshot.Table.ToString()] = snapshot.SnapshotId;
            sql = sql.Replace(name, lake.Scan(snapshot), StringComparison.Ordinal);
        }
        return (sql, snapshots);
    }

    [GeneratedRegex(@"\{[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\.[a-z][a-z0-9_]*\}", RegexOptions.CultureInvariant)]
    private static partial Regex TableForm();
}
