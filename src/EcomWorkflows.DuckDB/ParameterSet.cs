using System.Collections;
using System.Collections.Concurrent;
using System.Reflection;
using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB;

/// <summary>Values by parameter name, from a dictionary, a list (names "1", "2", …) or the public properties of an object.</summary>
internal sealed class ParameterSet
{
    private static readonly ConcurrentDictionary<Type, PropertyInfo[]> Properties = new();
    private readonly Dictionary<string, object?> _values;

    private ParameterSet(Dictionary<string, object?> values) => _values = values;

    public static ParameterSet From(object? source)
    {
        var values = new Dictionary<string, object?>(StringComparer.OrdinalIgnoreCase);
        switch (source)
        {
            case null:
                break;
            case IEnumerable<KeyValuePair<string, object?>> pairs:
                foreach (var (name, value) in pairs)
                    values[name.TrimStart('$')] = value;
                break;
            case IList list:
                for (var index = 0; index < list.Count; index++)
                    values[$"{index + 1}"] = list[index];
                break;
            default:
                foreach (var property in Properties.GetOrAdd(source.GetType(), type => type.GetProperties(BindingFlags.Public | BindingFlags.Instance)))
                    values[property.Name] = property.GetValue(source);
                break;
        }
        return new ParameterSet(values);
    }

    /// <summary>Binds every parameter the statement names; values it does not name are left alone.</summary>
    /// <exception cref="DuckDbException">Kind ParameterNotResolved, when a value is missing; InvalidType, when one is of no type DuckDB has.</exception>
    public void BindTo(PreparedStatementHandle statement, string sql)
    {
        var count = NativeMethods.duckdb_nparams(statement);
        for (var index = 1UL; index <= count; index++)
        {
            var name = NativeText.Owned(NativeMethods.duckdb_parameter_name(statement, index));
            if (!_values.TryGetValue(name, out var value))
            {
                var given = _values.Count == 0 ? "none" : string.Join(", ", _values.Keys.Select(key => $"${key}"));
                throw new DuckDbException(DuckDbErrorKind.ParameterNotResolved, $"The statement's parameter ${name} has no value; given: {given}.", sql);
            }
            using var native = NativeValue.Create(value, $"${name}", sql);
            if (NativeMethods.duckdb_bind_value(statement, index, native) != 0)
                throw NativeError.From(NativeText.Borrowed(NativeMethods.duckdb_prepare_error(statement)), 0, sql);
        }
    }
}
