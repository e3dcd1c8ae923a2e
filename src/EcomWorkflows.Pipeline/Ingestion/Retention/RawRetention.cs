using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion.Retention;

/// <summary>Drops raw files that are older than their source mapping keeps them (<c>keepRawDays</c> of an entity), and that nothing needs any more.</summary>
public sealed class RawRetention(LakeStore lake, SourceCatalog sources, PipelineOptions options, TimeProvider time, IEnumerable<IRawFileHolder> holders)
{
    /// <summary>Raw files that are too old, the oldest first.</summary>
    /// <param name="dryRun">Only says what would be dropped.</param>
    /// <param name="alsoNeeded">Drops also what a bronze table, quarantined rows or a dataset version still need.</param>
    /// <param name="passOver">Told why, for each mapping that cannot be read; its raw files stay.</param>
    public async Task<IReadOnlyList<ExpiredRawFile>> ApplyAsync(bool dryRun, bool alsoNeeded, Action<string> passOver, CancellationToken cancellationToken)
    {
        var expired = new List<ExpiredRawFile>();
        foreach (var source in sources.Names())
        {
            if (Read(source, passOver) is not { } mapping)
                continue;
            foreach (var (entity, declared) in mapping.Entities.Where(entity => entity.Value.KeepRawDays is not null))
                expired.AddRange(await ExpiredAsync(mapping, entity, declared.KeepRawDays!.Value, alsoNeeded, cancellationToken));
        }
        expired = [.. expired.OrderBy(file => file.LastIngested).ThenBy(file => file.RawFileId)];
        if (!dryRun)
            await lake.DropRawAsync([.. expired.Where(file => file.Goes).Select(file => (file.RawFileId, file.Path, file.LastIngested))], cancellationToken);
        return expired;
    }

    private SourceMapping? Read(string source, Action<string> passOver)
    {
        try
        {
            return sources.Get(source);
        }
        catch (TaskFailedException unreadable)
        {
            passOver(unreadable.Message);
            return null;
        }
    }

    private async Task<IReadOnlyList<ExpiredRawFile>> ExpiredAsync(SourceMapping mapping, string entity, int days, bool alsoNeeded, CancellationToken cancellationToken)
    {
        var files = await lake.RawBeforeAsync(mapping.Source, entity, time.GetUtcNow() - TimeSpan.FromDays(days), cancellationToken);
        if (files.Count == 0)
            return [];
        var quarantined = await QuarantinedFilesAsync(new LakeTableName("quarantine", mapping.Source, entity), cancellationToken);
        var held = new List<IReadOnlyDictionary<string, string>>();
        foreach (var holder in holders)
            held.Add(await holder.HeldAsync([.. files.Select(file => file.Sha256)], cancellationToken));
        return [.. files.Select(file =>
        {
            var neededBy = new List<string>(file.MadeOfIt);
            if (quarantined.Any(name => IsOf(name, Path.GetFileName(file.Path))))
                neededBy.Add($"rows in quarantine.{mapping.Source}.{entity}");
            neededBy.AddRange(held.Where(by => by.ContainsKey(file.Sha256)).Select(by => by[file.Sha256]));
            return new ExpiredRawFile(
                file.RawFileId, mapping.Source, entity, file.Path, file.Sha256, file.Bytes, file.LastIngested, days, neededBy, Goes: alsoNeeded || neededBy.Count == 0);
        })];
    }

    /// <summary>Names of the files of which rows are in quarantine now.</summary>
    private async Task<IReadOnlyList<string>> QuarantinedFilesAsync(LakeTableName table, CancellationToken cancellationToken)
    {
        if (await lake.CurrentAsync(table, cancellationToken) is not { Rows: > 0 } snapshot)
            return [];
        return await Task.Run(
            () =>
            {
                using var duck = DuckDbConnection.Open(new DuckDbOptions { Threads = 1, MemoryLimit = options.DuckDbMemoryLimit });
                return duck.QueryRows($"select distinct file from {lake.Scan(snapshot)} where file is not null", row => row.Get<string>(0), ct: cancellationToken);
            },
            cancellationToken);
    }

    /// <summary>Whether rows of this name can come from the file: by its name alone, below a folder, or from a file inside it. Two files of one name are both taken for it.</summary>
    private static bool IsOf(string name, string file) => $"/{name}/".Contains($"/{file}/", StringComparison.Ordinal);
}
