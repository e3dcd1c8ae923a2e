using System.Text.Json.Nodes;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Profiling;
using EcomWorkflows.Pipeline.Validation.Results;
using EcomWorkflows.Pipeline.Validation.RowRules;
using EcomWorkflows.Pipeline.Validation.Running;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Tests.Validation;

/// <summary>A table in a private DuckDB with expectations to run on it.</summary>
internal sealed class TableUnderTest : IDisposable
{
    private readonly Dictionary<string, string> references = [];
    private string? rejects;
    private TableHistory history = TableHistory.None;
    private RowValidatorCatalog validators = RowValidatorCatalog.Empty;

    public DuckDbConnection Duck { get; } = DuckDbConnection.Open(new DuckDbOptions { MemoryLimit = "512MB", Threads = 2 });

    /// <param name="rows">A SELECT of the table's rows with <c>_file</c> and <c>_line</c>.</param>
    public static TableUnderTest Of(string rows)
    {
        var table = new TableUnderTest();
        table.Duck.Execute($"create table {ValidatedTable.Batch} as {rows}");
        return table;
    }

    public TableUnderTest With(string name, string rows)
    {
        references[name] = $"reference_{references.Count}";
        Duck.Execute($"create table {references[name]} as {rows}");
        return this;
    }

    /// <param name="rows">A SELECT of (file, line, column_name, rule, message, raw).</param>
    public TableUnderTest WithRejects(string rows)
    {
        rejects = "rejects";
        Duck.Execute($"create view {rejects} as {rows}");
        return this;
    }

    /// <param name="rowCounts">Rows in earlier runs, the newest first.</param>
    public TableUnderTest History(IReadOnlyList<long> rowCounts)
    {
        history = new TableHistory(rowCounts);
        return this;
    }

    public TableUnderTest Knowing(params RowValidatorDescriptor[] known)
    {
        validators = new RowValidatorCatalog(known);
        return this;
    }

    public ValidatedTable Schema => new(
        "bronze.test.events",
        Duck.QueryRows($"describe {ValidatedTable.Batch}", row => new TableColumn(row.Get<string>(0), row.Get<string>(1)))
            .Where(column => !column.Name.StartsWith('_')).ToList(),
        references) { History = history, Validators = validators };

    public IReadOnlyList<ColumnFigures> Figures => new FigureReader(Duck).Read(Schema.Columns, CancellationToken.None);

    /// <summary>As the validation task does it; without the counted values, every row is looked at.</summary>
    public ValidationResult Run(ExpectationSuite suite, bool countedValues = true) =>
        new SuiteRun(Duck, Schema, rejects, threads: 2, countedValues ? Task.FromResult(new FigureReader(Duck).Sample(Schema.Columns, CancellationToken.None)) : null)
            .Run(suite, CancellationToken.None);

    /// <summary>The result of one expectation.</summary>
    public ExpectationResult Expect(string type, JsonObject kwargs, JsonObject? meta = null, bool countedValues = true)
    {
        var json = new JsonObject
        {
            ["name"] = "test",
            ["expectations"] = new JsonArray(new JsonObject { ["type"] = type, ["kwargs"] = kwargs.DeepClone(), ["meta"] = meta ?? [] }),
        };
        var (suite, problems) = SuiteParser.Parse(json.ToJsonString(), "test.json");
        if (suite is null)
            throw new InvalidOperationException(string.Join(Environment.NewLine, problems));
        Duck.Execute($"drop table if exists {FailingRowTable.Name}");
        return Run(suite, countedValues).Expectations[^1];
    }

    public IReadOnlyList<string> Quarantine(ValidationResult result)
    {
        var file = Path.GetTempFileName();
        try
        {
            QuarantineFile.Write(Duck, Schema, rejects, result, file, CancellationToken.None);
            return Duck.QueryRows(
                $"select concat(file, ':', line, ' ', array_to_string(rules, '+'), ' | ', array_to_string(messages, ' & '), ' | ', raw) from read_parquet({DuckDbSql.Literal(file)}) order by file, line",
                row => row.Get<string>(0));
        }
        finally
        {
            File.Delete(file);
        }
    }

    public void Dispose() => Duck.Dispose();
}
