using EcomWorkflows.Orchestration;
using EcomWorkflows.Server.Api;
using EcomWorkflows.Server.Dashboards.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcomWorkflows.Server.Dashboards;

/// <summary>Shows what the orchestrator refuses as a page.</summary>
internal sealed class PageErrors : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (NotFoundException missing)
        {
            return Page(StatusCodes.Status404NotFound, "Not found", missing.Message);
        }
        catch (Exception refused) when (refused is OrchestrationException or BadRequestException)
        {
            return Page(StatusCodes.Status400BadRequest, "This cannot be done", refused.Message);
        }
    }

    public static IResult Page(int status, string title, string detail) =>
        new RazorComponentResult<ProblemPage>(new { Title = title, Detail = detail }) { StatusCode = status };
}
