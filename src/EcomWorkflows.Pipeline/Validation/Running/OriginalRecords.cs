using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Pipeline.Validation.Results;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Validation.Running;

/// <summary>Looks up in the raw files how the rows of a bronze table were delivered that go to quarantine.</summary>
internal sealed class OriginalRecords(LakeStore lake, SourceMapping mapping, string entity, LakeSnapshot bronze, PipelineOptions options, ILogger logger)
{
    /// <summary>Temporary table of (file, line, raw); of rows that were never text, or whose raw file is gone, it holds nothing.</summary>
    public const string Table = "original_record";

    /// <summary>Fills the table. When this returns, the connection is free again; the raw files are read on another thread and connection.</summary>
    public Task FindAsync(DuckDbConnection duck, ValidationResult result, CancellationToken cancellationToken)
    {
        Create(duck, cancellationToken);
        var rows = Quarantined(duck, result, cancellationToken);
        if (rows.Count == 0)
            return Task.CompletedTask;
        var own = duck.Duplicate();
        return Task.Run(() => ReadAsync(own, rows, cancellationToken), CancellationToken.None);
    }

    /// <summary>Makes the table where there is none yet.</summary>
    public static void Create(DuckDbConnection duck, CancellationToken cancellationToken) =>
        duck.Execute($"create table if not exists {Table} (file varchar not null, line bigint not null, raw varchar not null)", ct: cancellationToken);

    private async Task ReadAsync(DuckDbConnection own, IReadOnlyList<(string File, IReadOnlyList<long> Lines)> rows, CancellationToken cancellationToken)
    {
        using var duck = own;
        var files = bronze.Files.Select(file => (File: file, Origin: RawOrigin.Of(file))).Where(file => file.Origin is not null).ToLookup(file => file.Origin!.Name);
        var reading = EntityReading.From(mapping, entity, options.DuckDbMemoryLimit);
        foreach (var (name, lines) in rows)
        {
            foreach (var (file, origin) in files[name])
                await FindAsync(duck, reading, file, origin!, lines, cancellationToken);
        }
    }

    private async Task FindAsync(DuckDbConnection duck, EntityReading reading, LakeFile file, RawOrigin origin, IReadOnlyList<long> lines, CancellationToken cancellationToken)
    {
        try
        {
            // Read in another way than bronze was, its lines could be other records.
            if (await origin.FindAsync(lake, bronze.Table, cancellationToken) is not { } raw || BronzeMaker.Origin(mapping, entity, raw) != file.DerivedFrom)
                return;
            using var appender = duck.CreateAppender(Table);
            foreach (var (line, text) in reading.Reader.Find(new RawInput(lake.Absolute(raw.File.Path), raw.Name, raw.Member), lines, cancellationToken))
                appender.Append(raw.Name).Append(line).Append(text).EndRow();
            appender.Flush();
        }
        catch (Exception unreadable) when (unreadable is IOException or TaskFailedException)
        {
            logger.LogWarning("{File}: its records cannot be shown as they came, only the values that were read: {Problem}", origin.Name, unreadable.Message);
        }
    }

    /// <summary>Lines of the landed rows that go to quarantine, ascending, by file.</summary>
    private static IReadOnlyList<(string File, IReadOnlyList<long> Lines)> Quarantined(DuckDbConnection duck, ValidationResult result, CancellationToken cancellationToken) =>
        [.. duck.QueryRows(
            $"""
            select distinct file, line
            from {FailingRowTable.Name}
            where ordinal in ({SuiteRun.QuarantinedOrdinals(result.Expectations)})
            order by file, line
            """,
            row => (File: row.Get<string>(0), Line: row.Get<long>(1)), ct: cancellationToken)
            .GroupBy(row => row.File)
            .Select(same => (same.Key, (IReadOnlyList<long>)[.. same.Select(row => row.Line)]))];
}
