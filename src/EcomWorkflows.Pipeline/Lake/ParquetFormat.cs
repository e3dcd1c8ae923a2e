using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Lake;

/// <summary>How tables are written: the options of DuckDB's <c>copy … to</c>.</summary>
/// <remarks>
/// Version 2 encodes numbers and texts as differences, a third smaller at no cost. A column with more than a thousand values in a row group gets no
/// dictionary: collecting one that does not pay takes as long as writing the column. After that LZ4 packs as well as Snappy, in half its time.
/// </remarks>
internal static class ParquetFormat
{
    public const string Options = $"({Encoded}, compression lz4_raw)";

    private const string Encoded = "format parquet, parquet_version v2, dictionary_size_limit 1000, row_group_size 122880";

    /// <summary>Where it saves less, packing is left out: it takes a seventh of the time to write a table.</summary>
    private const double LeastSaved = 0.15;

    /// <summary>The options for a table of much the same values as a file that was written with <see cref="Options"/>.</summary>
    public static string Like(DuckDbConnection duckDb, string file, CancellationToken cancellationToken)
    {
        var packed = duckDb.Scalar<double>(
            $"select coalesce(sum(total_compressed_size) / sum(total_uncompressed_size), 0)::double from parquet_metadata({DuckDbSql.Literal(file)})", ct: cancellationToken);
        return packed > 1 - LeastSaved ? $"({Encoded}, compression uncompressed)" : Options;
    }
}
