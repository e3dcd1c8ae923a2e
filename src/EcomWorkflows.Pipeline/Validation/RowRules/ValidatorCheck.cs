using EcomWorkflows.Pipeline.Validation.Checks;
using EcomWorkflows.Pipeline.Validation.Suites;

namespace EcomWorkflows.Pipeline.Validation.RowRules;

/// <summary>A check that needs code: a registered validator is called for each row.</summary>
/// <param name="ErrorCodes">Only failures with these codes count; empty counts all.</param>
internal sealed record ValidatorCheck(
    ExpectationConfiguration Expectation, string Statement, string Scope, RowValidatorDescriptor Validator, IReadOnlyList<string> ErrorCodes)
    : MapCheck(Expectation, Statement, Scope, Missing: null);
