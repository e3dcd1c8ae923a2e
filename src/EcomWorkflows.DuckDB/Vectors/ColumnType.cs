using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB.Vectors;

/// <summary>A column's logical type with everything needed to read its vectors; holds no native memory.</summary>
/// <param name="Type">The logical type.</param>
/// <param name="Storage">How values lie in memory; differs from <paramref name="Type"/> for decimals and enums.</param>
/// <param name="Scale">Digits after the point of a decimal.</param>
/// <param name="EnumValues">The labels of an enum, by their code.</param>
/// <param name="Children">Element type of a list or array; key and value of a map; tag and members of a union; members of a struct.</param>
/// <param name="Names">Member names of a struct or union.</param>
/// <param name="ArraySize">Elements per row of a fixed-size array.</param>
internal sealed record ColumnType(
    DuckDbType Type,
    DuckDbType Storage,
    int Scale,
    int Width,
    IReadOnlyList<string> EnumValues,
    IReadOnlyList<ColumnType> Children,
    IReadOnlyList<string> Names,
    int ArraySize)
{
    public static ColumnType From(LogicalTypeHandle handle)
    {
        var type = NativeMethods.duckdb_get_type_id(handle);
        var plain = new ColumnType(type, type, 0, 0, [], [], [], 0);
        return type switch
        {
            DuckDbType.Decimal => plain with
            {
                Storage = NativeMethods.duckdb_decimal_internal_type(handle),
                Scale = NativeMethods.duckdb_decimal_scale(handle),
                Width = NativeMethods.duckdb_decimal_width(handle),
            },
            DuckDbType.Enum => plain with
            {
                Storage = NativeMethods.duckdb_enum_internal_type(handle),
                EnumValues = Texts((int)NativeMethods.duckdb_enum_dictionary_size(handle), index => NativeMethods.duckdb_enum_dictionary_value(handle, index)),
            },
            DuckDbType.List => plain with { Children = [Owned(NativeMethods.duckdb_list_type_child_type(handle))] },
            DuckDbType.Array => plain with
            {
                Children = [Owned(NativeMethods.duckdb_array_type_child_type(handle))],
                ArraySize = (int)NativeMethods.duckdb_array_type_array_size(handle),
            },
            DuckDbType.Map => plain with
            {
                Children = [Owned(NativeMethods.duckdb_map_type_key_type(handle)), Owned(NativeMethods.duckdb_map_type_value_type(handle))],
            },
            DuckDbType.Struct => Struct(plain, handle),
            _ => plain,
        };
    }

    /// <summary>Bytes of one value in a vector; 0 where values are not of one primitive type.</summary>
    public int ElementSize => Storage switch
    {
        DuckDbType.Boolean or DuckDbType.TinyInt or DuckDbType.UTinyInt => 1,
        DuckDbType.SmallInt or DuckDbType.USmallInt => 2,
        DuckDbType.Integer or DuckDbType.UInteger or DuckDbType.Float or DuckDbType.Date => 4,
        DuckDbType.BigInt or DuckDbType.UBigInt or DuckDbType.Double or DuckDbType.Time or DuckDbType.TimeTz or DuckDbType.TimeNanoseconds
            or DuckDbType.Timestamp or DuckDbType.TimestampSeconds or DuckDbType.TimestampMilliseconds or DuckDbType.TimestampNanoseconds
            or DuckDbType.TimestampTz or DuckDbType.TimestampTzNanoseconds => 8,
        DuckDbType.HugeInt or DuckDbType.UHugeInt or DuckDbType.Uuid or DuckDbType.Interval => 16,
        _ => 0,
    };

    private static ColumnType Struct(ColumnType plain, LogicalTypeHandle handle)
    {
        var count = (int)NativeMethods.duckdb_struct_type_child_count(handle);
        return plain with
        {
            Names = Texts(count, index => NativeMethods.duckdb_struct_type_child_name(handle, index)),
            Children = Enumerable.Range(0, count).Select(index => Owned(NativeMethods.duckdb_struct_type_child_type(handle, (ulong)index))).ToArray(),
        };
    }

    private static ColumnType Owned(LogicalTypeHandle handle)
    {
        using (handle)
            return From(handle);
    }

    private static string[] Texts(int count, Func<ulong, nint> text) =>
        Enumerable.Range(0, count).Select(index => NativeText.Owned(text((ulong)index))).ToArray();
}
