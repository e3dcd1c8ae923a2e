using System.CommandLine;
using System.Text.Encodings.Web;
using System.Text.Json;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Ingestion.Inference;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Server.Hosting;

namespace EcomWorkflows.Server.Cli;

/// <summary><c>ecom sources</c>: where data comes from, as <c>workflows/sources</c> says.</summary>
internal static class SourcesCommand
{
    private static readonly JsonSerializerOptions Json = new() { WriteIndented = true, Encoder = JavaScriptEncoder.UnsafeRelaxedJsonEscaping };

    public static Command Create() => new("sources", "Sources of data: list and show their mappings, propose one for a file.") { List(), Show(), Infer(), Reset() };

    private static Command List()
    {
        var command = new Command("list", "All sources and their entities.");
        command.SetAction(parsed =>
        {
            var catalog = Catalog();
            CommandOutput.Write(
                parsed, [.. catalog.Names().SelectMany(name => Rows(catalog, name))],
                ("source", row => row.Source), ("entity", row => row.Entity), ("kind", row => row.Kind), ("type", row => row.Type), ("location", row => row.Location),
                ("columns", row => row.Columns), ("suite", row => row.Suite), ("problem", row => row.Problem));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Show()
    {
        var source = Source();
        var command = new Command("show", "Everything a source's mapping says of what it delivers.") { source };
        command.SetAction(parsed =>
        {
            var mapping = Mapping(parsed.GetRequiredValue(source));
            CommandOutput.WriteOne(parsed, mapping, () => WriteText(mapping));
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Infer()
    {
        var file = new Argument<string>("file") { Description = "A CSV, TSV, JSON lines or Parquet file, plain or packed (gzip, zstd, zip)." };
        var name = new Option<string?>("--name") { Description = "Name of the source; otherwise that of the file." };
        var entity = new Option<string>("--entity") { Description = "What its records are.", DefaultValueFactory = _ => "events" };
        var save = new Option<bool>("--save") { Description = "Write the proposal to workflows/sources, where there is no such source yet." };
        var command = new Command("infer", "Propose a mapping for a file, as JSON: encoding, dialect, columns and types as its beginning shows them, and of events the SQL of the silver tables.") { file, name, entity, save };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            if (!SourceEntity.IsName(parsed.GetRequiredValue(entity)))
                throw new CliException(ExitCode.Usage, $"--entity '{parsed.GetRequiredValue(entity)}': {SourceEntity.NameRule}.");
            var path = Path.GetFullPath(parsed.GetRequiredValue(file));
            if (!File.Exists(path))
                throw new CliException(ExitCode.Usage, $"{path} does not exist.");
            var mapping = MappingInference.Infer(path, parsed.GetValue(name), parsed.GetRequiredValue(entity), EcomServices.PipelineOptions(EnvironmentSettings.Read()).DuckDbMemoryLimit);
            var text = mapping.ToJsonString(Json) + "\n";
            if (!parsed.GetValue(save))
            {
                Console.Write(text);
                return ExitCode.Done;
            }
            var target = Path.Combine(EnvironmentSettings.Read().WorkflowsFolder, "sources", $"{mapping["source"]!.GetValue<string>().Replace('_', '-')}.json");
            if (File.Exists(target))
                throw new CliException(ExitCode.Usage, $"{target} is already there. Give another --name, or remove it first.");
            await File.WriteAllTextAsync(target, text, cancellationToken);
            Console.WriteLine(target);
            await Console.Error.WriteLineAsync(
                mapping["silver"]!.AsObject().Count > 0
                    ? $"Read it, above all what the SQL of silver.events makes of the columns. Then: ./ecom demo --exit --source {Path.GetFileNameWithoutExtension(target)} --file {path}"
                    : $"Read it, and write its silver tables (docs/sources.md, Silver). Then: ./ecom sources show {Path.GetFileNameWithoutExtension(target)}");
            return ExitCode.Done;
        });
        return command;
    }

    private static Command Reset()
    {
        var source = Source();
        var entity = new Argument<string>("entity") { Description = "Entity of the source." };
        var command = new Command("reset", "Make the next run read an entity from its beginning: forget its watermark or ETag.") { source, entity };
        command.SetAction(async (parsed, cancellationToken) =>
        {
            var mapping = Mapping(parsed.GetRequiredValue(source));
            var name = parsed.GetRequiredValue(entity);
            if (!mapping.Entities.ContainsKey(name))
                throw new CliException(ExitCode.Usage, $"Source {mapping.Source} has no entity '{name}'; it has {string.Join(", ", mapping.Entities.Keys)}.");
            await using var session = await CommandSession.OpenAsync(cancellationToken);
            var wasThere = await session.Get<LakeStore>().ForgetStateAsync(mapping.Source, name, cancellationToken);
            Console.WriteLine(wasThere ? $"The next run reads {name} of {mapping.Source} from its beginning." : $"Nothing was remembered of {name} of {mapping.Source}.");
            return ExitCode.Done;
        });
        return command;
    }

    /// <exception cref="CliException">There is no such source.</exception>
    /// <exception cref="TaskFailedException">Its mapping cannot be read.</exception>
    public static SourceMapping Mapping(string name)
    {
        var catalog = Catalog();
        return catalog.Names().Contains(name)
            ? catalog.Get(name)
            : throw new CliException(ExitCode.Usage, $"There is no source '{name}'. Known sources: {string.Join(", ", catalog.Names())}.");
    }

    private static Argument<string> Source() => new("source") { Description = "Name of a file in workflows/sources, without .json." };

    private static SourceCatalog Catalog() => new(EcomServices.PipelineOptions(EnvironmentSettings.Read()));

    private static IEnumerable<SourceRow> Rows(SourceCatalog catalog, string name)
    {
        try
        {
            return [.. catalog.Get(name).Entities.Where(entity => entity.Value.Kind != "none").Select(entity => SourceRow.From(name, entity.Key, entity.Value))];
        }
        catch (TaskFailedException unreadable)
        {
            return [new SourceRow(name, null, null, null, null, 0, null, unreadable.Message)];
        }
    }

    private static void WriteText(SourceMapping mapping)
    {
        Console.WriteLine($"{mapping.Source}: {mapping.Description}");
        Console.WriteLine(mapping.File);
        foreach (var (name, entity) in mapping.Entities.Where(entity => entity.Value.Kind != "none"))
        {
            Console.WriteLine();
            Console.WriteLine($"{name}: {entity.Kind} {entity.Location}{(entity.Connection is null ? "" : $" (connection {entity.Connection})")}");
            Console.WriteLine($"  format {entity.Format?.ToReadableText()}");
            CommandOutput.WriteTable(["column", "type", "description"], entity.Columns.Select(column => new object?[] { column.Name, column.Type, column.Description }));
        }
    }
}
