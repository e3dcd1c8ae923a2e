using System.Runtime.CompilerServices;
using System.Runtime.InteropServices;
using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB;

/// <summary>Makes a <see cref="DuckDbPredicate"/> a function of SQL.</summary>
internal static unsafe class PredicateFunction
{
    /// <exception cref="DuckDbException">Kind Catalog: it cannot be created.</exception>
    public static void Register(DuckDbConnection connection, string name, IReadOnlyList<DuckDbType> parameters, DuckDbPredicate predicate)
    {
        using var function = NativeMethods.duckdb_create_scalar_function();
        NativeMethods.duckdb_scalar_function_set_name(function, name);
        foreach (var parameter in parameters)
        {
            using var type = NativeMethods.duckdb_create_logical_type(parameter);
            NativeMethods.duckdb_scalar_function_add_parameter(function, type);
        }
        using (var boolean = NativeMethods.duckdb_create_logical_type(DuckDbType.Boolean))
            NativeMethods.duckdb_scalar_function_set_return_type(function, boolean);
        // It sees nulls too, and it may count what it sees: each row comes once.
        NativeMethods.duckdb_scalar_function_set_special_handling(function);
        NativeMethods.duckdb_scalar_function_set_volatile(function);
        NativeMethods.duckdb_scalar_function_set_extra_info(function, GCHandle.ToIntPtr(GCHandle.Alloc(predicate)), &Release);
        NativeMethods.duckdb_scalar_function_set_function(function, &Answer);
        if (NativeMethods.duckdb_register_scalar_function(connection.Handle, function) != 0)
            throw new DuckDbException(DuckDbErrorKind.Catalog, $"DuckDB does not accept the function {name}.");
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Answer(nint info, nint arguments, nint answers)
    {
        try
        {
            var predicate = (DuckDbPredicate)GCHandle.FromIntPtr(NativeMethods.duckdb_scalar_function_get_extra_info(info)).Target!;
            var rows = new DuckDbArguments(arguments);
            predicate(rows, new Span<bool>((void*)NativeMethods.duckdb_vector_get_data(answers), rows.Rows));
        }
#pragma warning disable CA1031 // An exception must not cross into native code; the statement fails with its message.
        catch (Exception failure)
#pragma warning restore CA1031
        {
            NativeMethods.duckdb_scalar_function_set_error(info, failure.Message);
        }
    }

    [UnmanagedCallersOnly(CallConvs = [typeof(CallConvCdecl)])]
    private static void Release(nint info) => GCHandle.FromIntPtr(info).Free();
}
