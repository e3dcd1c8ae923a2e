using Microsoft.AspNetCore.Http;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Who makes a request, for the event log.</summary>
internal static class InstanceActor
{
    /// <summary>The signed-in user; where there are no accounts, Studio itself.</summary>
    public static string Of(HttpContext context) => context.User.Identity is { IsAuthenticated: true, Name: { Length: > 0 } name } ? name : "studio";
}
