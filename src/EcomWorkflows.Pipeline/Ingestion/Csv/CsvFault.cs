namespace EcomWorkflows.Pipeline.Ingestion.Csv;

/// <summary>Why a line is no record.</summary>
internal enum CsvFault
{
    None,

    /// <summary>A quoted field is never closed.</summary>
    UnclosedQuote,

    /// <summary>Something other than a delimiter or a line end follows a closing quote.</summary>
    TextAfterQuote,
}
