using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Validation.Replay;
using EcomWorkflows.Pipeline.Validation.RowRules;
using EcomWorkflows.Pipeline.Validation.RowRules.Shop;
using EcomWorkflows.Pipeline.Validation.Running;
using EcomWorkflows.Pipeline.Validation.Storage;
using EcomWorkflows.Pipeline.Validation.Suites;
using Microsoft.Extensions.DependencyInjection;

namespace EcomWorkflows.Pipeline.Validation;

/// <summary>Registers the validation stage.</summary>
public static class ValidationRegistration
{
    private const int MigrationOrder = 30;

    public static IServiceCollection AddValidation(this IServiceCollection services)
    {
        services.AddTask<ValidateTask>();
        services.AddTask<ReplayQuarantineTask>();
        services.AddSingleton<TableChecking>();
        services.AddSingleton<SuiteCatalog>();
        services.AddSingleton<QualityStore>();
        services.AddSingleton<RowValidatorCatalog>();
        services.AddRowValidator<CustomerRow, CustomerRowValidator>("shop/customer");
        services.AddSingleton<QualityResults>();
        services.AddSingleton<QuarantineReader>();
        services.AddSingleton<QualityHistoryReader>();
        services.AddSingleton(new MigrationSet("quality", typeof(ValidationRegistration).Assembly, "EcomWorkflows.Pipeline.Validation.Migrations.", MigrationOrder));
        return services;
    }
}
