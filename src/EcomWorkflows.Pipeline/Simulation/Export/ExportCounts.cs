namespace EcomWorkflows.Pipeline.Simulation.Export;

/// <summary>Rows of each file written, faulty ones included, header not.</summary>
internal sealed class ExportCounts
{
    private readonly List<ExportedFile> files = [];

    public IReadOnlyList<ExportedFile> Files => files;

    public void Add(string entity, CsvFile file) => Add(entity, file.Name, file.Line - 1);

    public void Add(string entity, string name, long rows) => files.Add(new ExportedFile(entity, name, rows));
}
