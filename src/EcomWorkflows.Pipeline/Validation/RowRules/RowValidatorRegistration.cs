using FluentValidation;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Pipeline.Validation.RowRules;

/// <summary>Registers row validators.</summary>
public static class RowValidatorRegistration
{
    /// <summary>Lets suites call a validator: <c>expect_rows_to_pass_validator</c> with this name. It is made once and called from several threads.</summary>
    /// <typeparam name="TRow">Each settable property is read from the column of its name in snake case; every property can be null.</typeparam>
    /// <typeparam name="TValidator">Holds no state of a row.</typeparam>
    public static IServiceCollection AddRowValidator<TRow, TValidator>(this IServiceCollection services, string name)
        where TRow : class, new()
        where TValidator : class, IValidator<TRow> =>
        services.AddSingleton<TValidator>().AddSingleton(provider => RowValidatorDescriptor.Of(name, provider.GetRequiredService<TValidator>()));
}
