using System.Text.Json;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Dags;
using Microsoft.AspNetCore.Http;

namespace EcomWorkflows.Elsa.Api;

/// <summary>Turns what is refused into the answers Studio shows: 404 for what is not there, 400 with <c>errors</c> for everything else (any other code stops Studio).</summary>
internal sealed class ElsaErrors : IEndpointFilter
{
    public async ValueTask<object?> InvokeAsync(EndpointFilterInvocationContext context, EndpointFilterDelegate next)
    {
        try
        {
            return await next(context);
        }
        catch (NotFoundException missing)
        {
            return Results.Problem(missing.Message, statusCode: StatusCodes.Status404NotFound, title: "Not found");
        }
        catch (DefinitionRefusedException refused)
        {
            return Refuse(refused.Problems);
        }
        catch (OrchestrationException refused)
        {
            return Refuse([new DagProblem("request", refused.Message)]);
        }
        catch (JsonException unreadable)
        {
            return Refuse([new DagProblem("body", $"The body is not the JSON that is expected: {unreadable.Message}")]);
        }
    }

    /// <summary>400 as Studio shows it: one message per problem.</summary>
    private static IResult Refuse(IEnumerable<DagProblem> problems) => Results.ValidationProblem(
        problems.GroupBy(p => p.Place, p => p.Place == "request" ? p.Message : $"{p.Place}: {p.Message}").ToDictionary(same => same.Key, same => same.Distinct().ToArray()),
        title: "The request was refused");
}
