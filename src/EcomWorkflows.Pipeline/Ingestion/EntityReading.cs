using EcomWorkflows.Pipeline.Ingestion.Columnar;
using EcomWorkflows.Pipeline.Ingestion.Csv;
using EcomWorkflows.Pipeline.Ingestion.Drift;
using EcomWorkflows.Pipeline.Ingestion.Json;
using EcomWorkflows.Pipeline.Ingestion.Parsing;
using EcomWorkflows.Pipeline.Ingestion.Query;
using EcomWorkflows.Pipeline.Ingestion.Rest;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>How the records of an entity are read, as its mapping says.</summary>
internal sealed record EntityReading(IReadOnlyList<ColumnParser> Parsers, ValueFormat Values, IBronzeReader Reader, DriftRules Drift)
{
    private static readonly string[] Types = ["csv", "tsv", "jsonl", "parquet"];

    /// <param name="memoryLimit">What DuckDB may take where it reads the files, as "512MB".</param>
    /// <exception cref="EcomWorkflows.Orchestration.Tasks.TaskFailedException">The mapping has a value that is not allowed; the message names it.</exception>
    public static EntityReading From(SourceMapping mapping, string entity, string memoryLimit)
    {
        var kind = mapping.Entities[entity].Kind;
        var members = new FormatMembers(mapping, entity);
        var type = kind == "file" ? members.OneOf("type", "csv", Types) : kind;
        return type switch
        {
            "parquet" => Create(ParquetBronze.ValuesFrom(members), (parsers, values) => new ParquetBronze(parsers, memoryLimit), DriftDefaults.Parquet),
            "jsonl" => Create(ValueFormat.From(members), (parsers, values) => new JsonLinesBronze(mapping.Entities[entity].Columns), DriftDefaults.Json),
            "rest" => Create(RestFormat.From(mapping, entity).Values, (parsers, values) => new JsonLinesBronze(mapping.Entities[entity].Columns), DriftDefaults.Json),
            "postgres" => Csv(QueryFormat.Dialect),
            _ => Csv(CsvFormat.From(mapping, entity)),
        };

        EntityReading Csv(CsvFormat format) => Create(format.Values, (parsers, values) => new CsvBronze(format, parsers, mapping.File), DriftDefaults.Csv);

        EntityReading Create(ValueFormat values, Func<IReadOnlyList<ColumnParser>, ValueFormat, IBronzeReader> reader, DriftPolicy defaults)
        {
            IReadOnlyList<ColumnParser> parsers = [.. mapping.Entities[entity].Columns.Select(column => ColumnParser.Create(column, values, mapping, entity))];
            return new EntityReading(parsers, values, reader(parsers, values), DriftRules.Create(mapping, entity, defaults));
        }
    }
}
