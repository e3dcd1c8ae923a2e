using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB;

/// <summary>The arguments of a function for one chunk of rows, in DuckDB's memory; valid only within the call.</summary>
public readonly unsafe ref struct DuckDbArguments
{
    private readonly nint _chunk;

    internal DuckDbArguments(nint chunk)
    {
        _chunk = chunk;
        Rows = (int)NativeMethods.duckdb_borrowed_chunk_get_size(chunk);
    }

    public int Rows { get; }

    /// <summary>An argument that is a text or a blob.</summary>
    public TextColumn Texts(int ordinal) => new((byte*)NativeMethods.duckdb_vector_get_data(Vector(ordinal)), ValidityOf(ordinal), Rows);

    /// <summary>An argument of a primitive type as it is stored; null rows hold anything.</summary>
    public ReadOnlySpan<T> Column<T>(int ordinal)
        where T : unmanaged => new((void*)NativeMethods.duckdb_vector_get_data(Vector(ordinal)), Rows);

    /// <summary>Which values of an argument are not null.</summary>
    public DuckDbValidity Validity(int ordinal)
    {
        var validity = ValidityOf(ordinal);
        return validity == null ? default : new DuckDbValidity(new ReadOnlySpan<ulong>(validity, (Rows + 63) / 64));
    }

    private ulong* ValidityOf(int ordinal) => (ulong*)NativeMethods.duckdb_vector_get_validity(Vector(ordinal));

    private nint Vector(int ordinal) => NativeMethods.duckdb_borrowed_chunk_get_vector(_chunk, (ulong)ordinal);
}
