using System.Globalization;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;
using EcomWorkflows.Server.Dashboards.Models;
using EcomWorkflows.Server.Dashboards.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcomWorkflows.Server.Dashboards.Actions;

/// <summary><c>/pools</c>: what may run at once and what does; pools are made, sized and deleted here.</summary>
internal static class PoolPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Links.Pools, async (string? notice, PoolStore pools, CancellationToken ct) => await PageAsync(pools, Notices.Text(notice), problem: null, ct));
        routes.MapPost(Links.Pools + "/set", SetAsync);
        routes.MapPost(Links.Pools + "/delete", DeleteAsync);
    }

    private static async Task<IResult> SetAsync(HttpContext context, PoolStore pools, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        if (!int.TryParse(form["slots"], NumberStyles.Integer, CultureInfo.InvariantCulture, out var slots))
            return await PageAsync(pools, notice: null, $"'{form["slots"]}' is no number of slots; write a whole number from 0.", cancellationToken);
        try
        {
            await pools.SetAsync(form["name"].ToString().Trim(), slots, form["description"].ToString().Trim(), Actors.Of(context, Actors.Web), cancellationToken);
            return Notices.Redirect(Links.Pools, "pool-set");
        }
        catch (OrchestrationException refused)
        {
            return await PageAsync(pools, notice: null, refused.Message, cancellationToken);
        }
    }

    private static async Task<IResult> DeleteAsync(HttpContext context, PoolStore pools, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        try
        {
            await pools.DeleteAsync(form["name"].ToString(), Actors.Of(context, Actors.Web), cancellationToken);
            return Notices.Redirect(Links.Pools, "pool-deleted");
        }
        catch (OrchestrationException refused) when (refused is not NotFoundException)
        {
            return await PageAsync(pools, notice: null, refused.Message, cancellationToken);
        }
    }

    private static async Task<RazorComponentResult<PoolsPage>> PageAsync(PoolStore pools, string? notice, string? problem, CancellationToken cancellationToken) =>
        new(new { Model = new PoolsModel(await pools.ListAsync(cancellationToken), await pools.WarningsAsync(dagId: null, cancellationToken), notice, problem) })
        {
            StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
}
