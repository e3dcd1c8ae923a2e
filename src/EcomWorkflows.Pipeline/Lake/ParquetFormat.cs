namespace EcomWorkflows.Pipeline.Lake;

/// <summary>How tables are written: the options of DuckDB's <c>copy … to</c>.</summary>
/// <remarks>
/// Version 2 encodes numbers and texts as differences, a third smaller at no cost. A column with more than a thousand values in a row group gets no
/// dictionary: collecting one that does not pay takes as long as writing the column. After that LZ4 packs as well as Snappy, in half its time.
/// </remarks>
internal static class ParquetFormat
{
    public const string Options = "(format parquet, parquet_version v2, compression lz4_raw, dictionary_size_limit 1000, row_group_size 122880)";
}
