using System.Linq.Expressions;
using System.Reflection;
using System.Text.Json;
using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Validation.RowRules;

/// <summary>Makes objects of rows: each settable property is read from the column of its name in snake case.</summary>
/// <remarks>The reading of all properties is compiled once per query into one function: reflection per row would cost more than the rules.</remarks>
internal sealed class RowBinder<TRow>
    where TRow : class, new()
{
    private static readonly Dictionary<Type, string> Types = new()
    {
        [typeof(string)] = "VARCHAR",
        [typeof(long?)] = "BIGINT",
        [typeof(double?)] = "DOUBLE",
        [typeof(bool?)] = "BOOLEAN",
        [typeof(DateTime?)] = "TIMESTAMP",
        [typeof(DateOnly?)] = "DATE",
    };

    private readonly IReadOnlyList<PropertyInfo> properties;

    private RowBinder()
    {
        properties = [.. typeof(TRow).GetProperties(BindingFlags.Public | BindingFlags.Instance).Where(property => property.SetMethod is not null)];
        Columns = [.. properties.Select(property => new RowColumn(
            property.Name, JsonNamingPolicy.SnakeCaseLower.ConvertName(property.Name),
            Types.GetValueOrDefault(property.PropertyType) ?? throw new InvalidOperationException(
                $"{typeof(TRow).Name}.{property.Name} is {property.PropertyType}; a row's properties are one of {string.Join(", ", Types.Keys)}, as any value may be missing.")))];
    }

    public static RowBinder<TRow> Instance { get; } = new();

    public IReadOnlyList<RowColumn> Columns { get; }

    /// <summary>A function that makes an object of the reader's current row.</summary>
    public Func<TRow> Bind(DuckDbReader reader)
    {
        var get = typeof(DuckDbReader).GetMethods().Single(method => method.Name == nameof(DuckDbReader.Get) && method.GetParameters()[0].ParameterType == typeof(int));
        var source = Expression.Constant(reader);
        var values = properties.Zip(Columns, (property, column) => Expression.Bind(
            property, Expression.Call(source, get.MakeGenericMethod(property.PropertyType), Expression.Constant(reader.Ordinal(column.Name)))));
        return Expression.Lambda<Func<TRow>>(Expression.MemberInit(Expression.New(typeof(TRow)), values)).Compile();
    }
}
