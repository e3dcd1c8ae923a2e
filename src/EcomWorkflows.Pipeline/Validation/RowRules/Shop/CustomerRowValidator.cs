using FluentValidation;

namespace EcomWorkflows.Pipeline.Validation.RowRules.Shop;

/// <summary>A customer of the shop: rules a regular expression or a range says badly. Missing values pass; null checks are the suite's.</summary>
public sealed class CustomerRowValidator : AbstractValidator<CustomerRow>
{
    /// <summary>From this age on one may have an account.</summary>
    private const int YoungestAge = 14;

    public CustomerRowValidator()
    {
        RuleFor(customer => customer.Email).Must(EmailAddress.IsDeliverable).WithErrorCode("malformed_email")
            .WithMessage(customer => $"email is {customer.Email}, {EmailAddress.Fault(customer.Email!)}")
            .When(customer => customer.Email is not null);
        RuleFor(customer => customer.Name).Must(name => !name!.Any(char.IsControl)).WithErrorCode("control_character_in_name")
            .WithMessage("name holds a control character")
            .When(customer => customer.Name is not null);
        RuleFor(customer => customer.SignupAt).Must((customer, signup) => DateOnly.FromDateTime(signup!.Value) >= customer.BirthDate!.Value.AddYears(YoungestAge))
            .WithErrorCode("too_young_at_signup").WithSeverity(Severity.Warning)
            .WithMessage(customer => $"signed up on {customer.SignupAt:yyyy-MM-dd}, born on {customer.BirthDate:yyyy-MM-dd}: younger than {YoungestAge}")
            .When(customer => customer.SignupAt is not null && customer.BirthDate is { Year: < 9000 });
    }
}
