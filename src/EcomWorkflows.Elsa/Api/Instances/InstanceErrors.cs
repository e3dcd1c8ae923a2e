using System.Text.Json;
using EcomWorkflows.Orchestration;
using Microsoft.AspNetCore.Http;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Answers what is refused in the form Studio shows to people: status 400 with messages by field; 404 for what does not exist.</summary>
internal sealed class InstanceErrors : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (NotFoundException missing)
        {
            return TypedResults.Problem(missing.Message, statusCode: StatusCodes.Status404NotFound, title: "Not found");
        }
        catch (OrchestrationException refused)
        {
            return Invalid("request", refused.Message);
        }
        catch (BadInstanceRequestException wrong)
        {
            return Invalid(wrong.Field, wrong.Message);
        }
        catch (JsonException unreadable)
        {
            return Invalid("body", $"The body is not the JSON that is expected: {unreadable.Message}");
        }
    }

    private static IResult Invalid(string field, string message) =>
        TypedResults.ValidationProblem(new Dictionary<string, string[]> { [field] = [message] }, message, title: "This cannot be done");
}
