namespace EcomWorkflows.Pipeline.Ingestion.Compression;

/// <summary>How a raw file is packed, told by its first bytes and not by its name.</summary>
internal enum CompressionKind
{
    None,
    Gzip,
    Zstandard,
    Zip,
}
