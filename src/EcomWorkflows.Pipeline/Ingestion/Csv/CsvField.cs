namespace EcomWorkflows.Pipeline.Ingestion.Csv;

/// <summary>Where a field's text lies, relative to its record's first byte.</summary>
internal readonly record struct CsvField(int Offset, int Length, bool HasDoubledQuotes);
