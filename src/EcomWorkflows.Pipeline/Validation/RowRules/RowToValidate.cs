using FluentValidation.Results;

namespace EcomWorkflows.Pipeline.Validation.RowRules;

/// <summary>A row's values, taken from the reader, with what validates them.</summary>
/// <param name="InScope">One bit per check: whether it is about this row.</param>
internal readonly record struct RowToValidate(string File, long Line, ulong InScope, Func<ValidationResult> Validate);
