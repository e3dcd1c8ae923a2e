using EcomWorkflows.DuckDB;
using FluentValidation;
using FluentValidation.Results;

namespace EcomWorkflows.Pipeline.Validation.RowRules;

/// <summary>A FluentValidation validator under the name suites call it by.</summary>
/// <param name="Name">For example <c>shop/customer</c>.</param>
/// <param name="Columns">What it reads of a row, with the DuckDB type each is read as.</param>
/// <param name="ErrorCodes">Codes its rules give, as far as the rules state them.</param>
/// <param name="Bind">Makes the reader of one query's rows into a function that validates the current row's values later, on any thread.</param>
internal sealed record RowValidatorDescriptor(
    string Name, IReadOnlyList<RowColumn> Columns, IReadOnlyList<string> ErrorCodes, Func<DuckDbReader, Func<Func<ValidationResult>>> Bind)
{
    public static RowValidatorDescriptor Of<TRow>(string name, IValidator<TRow> validator)
        where TRow : class, new()
    {
        var binder = RowBinder<TRow>.Instance;
        var codes = validator.CreateDescriptor().Rules.SelectMany(rule => rule.Components).Select(component => component.ErrorCode).OfType<string>();
        return new RowValidatorDescriptor(name, binder.Columns, [.. codes.Distinct(StringComparer.Ordinal).Order(StringComparer.Ordinal)], reader =>
        {
            var read = binder.Bind(reader);
            return () =>
            {
                var row = read();
                return () => validator.Validate(row);
            };
        });
    }
}
