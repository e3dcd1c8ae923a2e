using System.Text.Json;
using EcomWorkflows.Pipeline.Ingestion.Parsing;

namespace EcomWorkflows.Pipeline.Ingestion.Rest;

/// <summary>Reads a raw file with one JSON item per line into a <see cref="BronzeBuffer"/>.</summary>
internal sealed class JsonLinesBronze(IReadOnlyList<ColumnParser> columns)
{
    private readonly string[] names = [.. columns.Select(column => column.Name)];

    public void Read(string path, BronzeBuffer bronze, CancellationToken cancellationToken)
    {
        var line = 0L;
        foreach (var text in File.ReadLines(path))
        {
            cancellationToken.ThrowIfCancellationRequested();
            using var document = JsonDocument.Parse(text);
            var item = new JsonItem(++line, text, document.RootElement, names);
            if (document.RootElement.ValueKind == JsonValueKind.Object)
                bronze.Add(item);
            else
                bronze.Reject(item, null, RejectRule.Columns, $"the item is a {document.RootElement.ValueKind}; an object with a member per column is expected");
        }
    }
}
