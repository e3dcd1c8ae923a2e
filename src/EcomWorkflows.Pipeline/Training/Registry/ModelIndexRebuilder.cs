using System.Globalization;
using System.Text.Json;
using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using Npgsql;

namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>Makes the registry's index anew from the folders under <c>models/</c>, for a lost database or folders copied from another machine.</summary>
/// <param name="unpublished">Knows whose folders without an index row are left-overs; null where no orchestrator runs attempts.</param>
public sealed class ModelIndexRebuilder(NpgsqlDataSource database, ModelRegistry registry, PipelineOptions options, IUnpublishedAttempts? unpublished = null)
{
    /// <summary>Adds every version whose folder is whole, but for what an attempt left that was killed before it had registered it; aliases and their history come from the model's <c>aliases</c> folder. What the index knows already stays.</summary>
    public async Task<RebuiltIndex> RebuildAsync(CancellationToken cancellationToken)
    {
        var problems = new List<string>();
        List<ModelVersion> found = await WithoutLeftOversAsync(ReadFolders(problems), problems, cancellationToken);
        (int added, int aliases) = (0, 0);
        await using NpgsqlConnection connection = await database.OpenConnectionAsync(cancellationToken);
        await using NpgsqlTransaction transaction = await connection.BeginTransactionAsync(cancellationToken);
        foreach (IGrouping<string, ModelVersion> model in found.GroupBy(version => version.Name))
        {
            await connection.ExecuteAsync(new CommandDefinition(
                """
                insert into registry.model (name)
                values (@Key)
                on conflict do nothing
                """,
                new { model.Key }, transaction, cancellationToken: cancellationToken));
            foreach (ModelVersion version in model)
                added += await ModelRegistry.InsertAsync(connection, transaction, version, cancellationToken) ? 1 : 0;
            aliases += await RestoreAliasesAsync(connection, transaction, model.Key, [.. model.Select(version => version.Version)], problems, cancellationToken);
            await ModelNotifications.AliasMovedAsync(connection, transaction, model.Key, cancellationToken);
        }

        await transaction.CommitAsync(cancellationToken);
        HashSet<(string, int)> whole = [.. found.Select(version => (version.Name, version.Version))];
        problems.AddRange((await registry.ListAsync(null, cancellationToken))
            .Where(version => !whole.Contains((version.Name, version.Version)) && !Directory.Exists(Path.Combine(options.Home, version.Folder)))
            .Select(version => $"{version.Name} v{version.Version} is in the index, but its folder {version.Folder} is gone; scoring with it will fail"));
        return new RebuiltIndex(found.Count, added, aliases, problems);
    }

    private async Task<List<ModelVersion>> WithoutLeftOversAsync(List<ModelVersion> found, List<string> problems, CancellationToken cancellationToken)
    {
        if (unpublished is null)
            return found;
        HashSet<(string, int)> known = [.. (await registry.ListAsync(null, cancellationToken)).Select(version => (version.Name, version.Version))];
        var published = new List<ModelVersion>(found.Count);
        foreach (ModelVersion version in found)
        {
            if (!known.Contains((version.Name, version.Version)) && await ModelRegistry.IsLeftOverAsync(unpublished, version, cancellationToken))
                problems.Add($"{version.Folder} is of attempt {version.Lineage.AttemptId}, which has not registered it; it was left out, and where the attempt has ended the next training takes its place");
            else
                published.Add(version);
        }

        return published;
    }

    private List<ModelVersion> ReadFolders(List<string> problems)
    {
        var found = new List<ModelVersion>();
        if (!Directory.Exists(options.ModelsFolder))
            return found;
        foreach (string model in Directory.EnumerateDirectories(options.ModelsFolder).Order(StringComparer.Ordinal))
        {
            foreach (string folder in Directory.EnumerateDirectories(model, "v*").Order(StringComparer.Ordinal))
            {
                if (!int.TryParse(Path.GetFileName(folder)[1..], NumberStyles.None, CultureInfo.InvariantCulture, out int number))
                    continue;
                try
                {
                    found.Add(ModelRecord.Read(folder, Path.GetFileName(model), number));
                }
                catch (InvalidDataException problem)
                {
                    problems.Add(problem.Message);
                }
            }
        }

        return found;
    }

    private async Task<int> RestoreAliasesAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string name, HashSet<int> versions, List<string> problems, CancellationToken cancellationToken)
    {
        string folder = Path.Combine(options.ModelsFolder, name, "aliases");
        if (!Directory.Exists(folder))
            return 0;
        int restored = 0;
        foreach (string file in Directory.EnumerateFiles(folder).Where(file => !Path.GetFileName(file).Contains('.')).Order(StringComparer.Ordinal))
        {
            if (!int.TryParse(File.ReadAllText(file).Trim(), NumberStyles.None, CultureInfo.InvariantCulture, out int version) || !versions.Contains(version))
            {
                problems.Add($"{file} names a version that has no whole folder, or was never registered; the alias was left out");
                continue;
            }

            restored += await connection.ExecuteAsync(new CommandDefinition(
                """
                insert into registry.model_alias (name, alias, version, set_at)
                values (@name, @alias, @version, @setAt)
                on conflict (name, alias) do nothing
                """,
                new { name, alias = Path.GetFileName(file), version, setAt = new DateTimeOffset(File.GetLastWriteTimeUtc(file)) },
                transaction, cancellationToken: cancellationToken));
        }

        await RestoreHistoryAsync(connection, transaction, name, Path.Combine(folder, ModelFolders.HistoryFile), problems, cancellationToken);
        return restored;
    }

    private static async Task RestoreHistoryAsync(
        NpgsqlConnection connection, NpgsqlTransaction transaction, string name, string file, List<string> problems, CancellationToken cancellationToken)
    {
        bool known = await connection.ExecuteScalarAsync<bool>(new CommandDefinition(
            "select exists (select from registry.model_alias_event where name = @name)", new { name }, transaction, cancellationToken: cancellationToken));
        if (known || !File.Exists(file))
            return;
        int line = 0;
        foreach (string text in await File.ReadAllLinesAsync(file, cancellationToken))
        {
            line++;
            try
            {
                if (JsonSerializer.Deserialize<AliasEvent>(text, TaskJson.Options) is { } happened)
                    await ModelAliases.AppendAsync(connection, transaction, happened, cancellationToken);
            }
            catch (JsonException)
            {
                problems.Add($"{file} line {line} is not an event; it was left out");
            }
        }
    }
}
