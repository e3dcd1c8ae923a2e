using System.Text;
using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Ingestion.Columnar;

/// <summary>The current row of a query that gives every column as text.</summary>
internal sealed class ParquetRecord(DuckDbReader rows, int columns) : IRecord
{
    public long Line { get; set; }

    /// <summary>The values with commas between, for a person to recognise the row by.</summary>
    public ReadOnlySpan<byte> Raw =>
        Encoding.UTF8.GetBytes(string.Join(',', Enumerable.Range(0, columns).Select(column => rows.IsNull(column) ? "" : rows.Get<string>(column))));

    public bool TryField(int column, out ReadOnlySpan<byte> text)
    {
        if (rows.IsNull(column))
        {
            text = default;
            return false;
        }
        text = rows.GetBytes(column);
        return true;
    }
}
