using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB.Vectors;

/// <summary>Where the current chunk's values of one column lie. Valid only until the reader loads the next chunk.</summary>
internal sealed unsafe partial class ColumnVector
{
    private readonly ColumnVector[] _children;
    private byte* _data;
    private ulong* _validity;

    public ColumnVector(string name, ColumnType type)
    {
        Name = name;
        Type = type;
        // A map is stored as a list of structs with a key and a value.
        _children = type.Children
            .Select((child, index) => new ColumnVector(type.Names.Count > index ? type.Names[index] : name, child))
            .ToArray();
    }

    public string Name { get; }

    public ColumnType Type { get; }

    public void Load(nint vector)
    {
        _data = (byte*)NativeMethods.duckdb_vector_get_data(vector);
        _validity = (ulong*)NativeMethods.duckdb_vector_get_validity(vector);
        switch (Type.Type)
        {
            case DuckDbType.List:
                _children[0].Load(NativeMethods.duckdb_list_vector_get_child(vector));
                break;
            case DuckDbType.Array:
                _children[0].Load(NativeMethods.duckdb_array_vector_get_child(vector));
                break;
            case DuckDbType.Map:
                var entries = NativeMethods.duckdb_list_vector_get_child(vector);
                _children[0].Load(NativeMethods.duckdb_struct_vector_get_child(entries, 0));
                _children[1].Load(NativeMethods.duckdb_struct_vector_get_child(entries, 1));
                break;
            case DuckDbType.Struct:
                for (var index = 0; index < _children.Length; index++)
                    _children[index].Load(NativeMethods.duckdb_struct_vector_get_child(vector, (ulong)index));
                break;
        }
    }

    public void Unload()
    {
        _data = null;
        _validity = null;
        foreach (var child in _children)
            child.Unload();
    }

    public bool IsNull(int row) => _validity != null && (_validity[row >> 6] & (1UL << (row & 63))) == 0;

    public ReadOnlySpan<T> Span<T>(int rows)
        where T : unmanaged
    {
        if (sizeof(T) != Type.ElementSize)
            throw new InvalidCastException($"column '{Name}' is {Type.Type} with {Type.ElementSize} bytes per value; {typeof(T).Name} has {sizeof(T)}.");
        return new ReadOnlySpan<T>(_data, rows);
    }

    /// <summary>Values of a primitive column, as they are stored.</summary>
    public ReadOnlySpan<byte> Values(int row, int rows) => new(_data + ((long)row * Type.ElementSize), rows * Type.ElementSize);

    /// <summary>One bit per row, 1 = not null; empty when the chunk has no null in this column.</summary>
    public DuckDbValidity Validity(int rows) => _validity == null ? default : new DuckDbValidity(new ReadOnlySpan<ulong>(_validity, (rows + 63) / 64));

    /// <summary>The bytes of a text or blob, inside DuckDB's memory; empty for NULL.</summary>
    public ReadOnlySpan<byte> Bytes(int row) => new TextColumn(_data, _validity, row + 1)[row];

    public TextColumn Texts(int rows) => Type.Type is DuckDbType.Varchar or DuckDbType.Blob
        ? new TextColumn(_data, _validity, rows)
        : throw new InvalidCastException($"column '{Name}' is {Type.Type}; bytes are read from VARCHAR and BLOB columns only.");

    private InvalidCastException Unreadable(string asType) =>
        new($"column '{Name}' is {Type.Type}; it cannot be read as {asType}. Read it as its own type, or cast it in the SQL.");
}
