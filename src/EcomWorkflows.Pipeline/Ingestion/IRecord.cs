namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>A record of a raw file, as text in declared column order.</summary>
internal interface IRecord
{
    /// <summary>Where the record begins: the physical line, or the position in the list, from 1.</summary>
    long Line { get; }

    /// <summary>The record as it was delivered.</summary>
    ReadOnlySpan<byte> Raw { get; }

    /// <summary>A column's text as UTF-8; false where the record says that there is none.</summary>
    bool TryField(int column, out ReadOnlySpan<byte> text);
}
