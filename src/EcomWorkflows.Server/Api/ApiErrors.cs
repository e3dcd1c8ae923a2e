using System.Text.Json;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Api;

/// <summary>Turns what the orchestrator refuses into problem answers; anything unexpected goes on to the server's own handler.</summary>
internal sealed class ApiErrors : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (NotFoundException missing)
        {
            return Problem.NotFound(missing.Message);
        }
        catch (StaleGenerationException stale)
        {
            return Problem.Conflict(stale.Message);
        }
        catch (OrchestrationException refused)
        {
            return Problem.BadRequest(refused.Message);
        }
        catch (BadRequestException wrong)
        {
            return Problem.BadRequest(wrong.Message);
        }
        catch (JsonException unreadable)
        {
            return Problem.BadRequest(BindingFailure.Words(unreadable));
        }
    }
}
