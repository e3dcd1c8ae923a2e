using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.RowRules;

/// <summary>Expectations whose rules are code: FluentValidation validators registered by name; ours.</summary>
internal static class ValidatorExpectations
{
    public static IReadOnlyList<ExpectationDefinition> All { get; } =
    [
        new("expect_rows_to_pass_validator", true, [new("validator", KwargKind.Text, Required: true), new("error_codes", KwargKind.TextList)], Compile),
    ];

    private static ValidatorCheck Compile(CheckBuilder check)
    {
        var name = check.Text("validator")!;
        var validators = check.Table.Validators;
        var validator = validators.Find(name) ?? throw new CheckException(
            $"there is no row validator '{name}'; registered are {(validators.Names.Count == 0 ? "none" : string.Join(", ", validators.Names))}. Register it with AddRowValidator.");
        if (validator.Columns.Where(column => check.Table.Find(column.Name) is null).Select(column => column.Name).ToList() is { Count: > 0 } missing)
            throw new CheckException($"{check.Table.Name} has no column {string.Join(", ", missing)}, which the row validator '{name}' reads.");
        string[] codes = check.Kwargs["error_codes"] is { } stated ? [.. stated.AsArray().Select(code => code!.GetValue<string>())] : [];
        if (codes.Except(validator.ErrorCodes).ToList() is { Count: > 0 } unknown)
            throw new CheckException($"the row validator '{name}' has no error code {string.Join(", ", unknown)}; it has {string.Join(", ", validator.ErrorCodes)}.");
        return new ValidatorCheck(
            check.Expectation, $"every row passes the validator {name}{(codes.Length == 0 ? "" : $" ({string.Join(", ", codes)})")}{check.ScopeWords}", check.Scope, validator, codes);
    }
}
