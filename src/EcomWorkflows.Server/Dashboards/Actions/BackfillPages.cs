using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;
using EcomWorkflows.Server.Dashboards.Models;
using EcomWorkflows.Server.Dashboards.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcomWorkflows.Server.Dashboards.Actions;

/// <summary><c>/backfills</c>: what runs for past dates; a new one is previewed date by date before it is started.</summary>
internal static class BackfillPages
{
    private const int Listed = 100;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Links.Backfills, async (HttpContext context, string? notice, Reader reader, CancellationToken ct) =>
            await reader.PageAsync(BackfillForm.Read(name => context.Request.Query[name]), Notices.Text(notice), problem: null, ct));
        routes.MapPost(Links.Backfills, StartAsync);
        routes.MapGet(Links.Backfills + "/{id:long}", async (long id, string? notice, BackfillReader backfills, CancellationToken ct) =>
            new RazorComponentResult<BackfillPage>(new { Model = new BackfillModel(await backfills.GetAsync(id, ct), await backfills.DatesAsync(id, ct), Notices.Text(notice)) }));
        routes.MapPost(Links.Backfills + "/{id:long}/{what}", ChangeAsync);
    }

    private static async Task<IResult> StartAsync(HttpContext context, Reader reader, BackfillStore backfills, CancellationToken cancellationToken)
    {
        var sent = await context.Request.ReadFormAsync(cancellationToken);
        var form = BackfillForm.Read(name => sent[name]);
        try
        {
            var id = await backfills.CreateAsync(form.ToRequest(), Actors.Of(context, Actors.Web), cancellationToken);
            return Notices.Redirect(Links.Backfill(id), "backfill-started");
        }
        catch (Exception refused) when (refused is OrchestrationException and not NotFoundException or BadRequestException)
        {
            return await reader.PageAsync(form, notice: null, refused.Message, cancellationToken);
        }
    }

    private static async Task<IResult> ChangeAsync(long id, string what, HttpContext context, BackfillStore backfills, CancellationToken cancellationToken)
    {
        var actor = Actors.Of(context, Actors.Web);
        switch (what)
        {
            case "pause" or "resume":
                await backfills.SetPausedAsync(id, what == "pause", actor, cancellationToken);
                break;
            case "cancel":
                await backfills.CancelAsync(id, actor, cancellationToken);
                break;
            default:
                throw new BadRequestException($"'{what}' cannot be done to a backfill; allowed: pause, resume, cancel.");
        }
        return Notices.Redirect(Links.Backfill(id), $"backfill-{what}");
    }

    /// <summary>Reads what the page of backfills shows.</summary>
    internal sealed class Reader(BackfillReader reader, BackfillStore backfills, DagStore dags)
    {
        public async Task<RazorComponentResult<BackfillsPage>> PageAsync(BackfillForm form, string? notice, string? problem, CancellationToken cancellationToken)
        {
            IReadOnlyList<BackfillDate>? plan = null;
            if (form.IsFilled && problem is null)
            {
                try
                {
                    plan = await backfills.PlanAsync(form.ToRequest(), cancellationToken);
                }
                catch (Exception refused) when (refused is OrchestrationException and not NotFoundException or BadRequestException)
                {
                    problem = refused.Message;
                }
            }
            var (found, _) = await reader.ListAsync(form.Dag.Length > 0 ? form.Dag : null, onlyActive: false, Listed, 0, cancellationToken);
            var dagIds = (await dags.ListAsync(cancellationToken)).Where(d => d.IsActive).Select(d => d.DagId).ToList();
            return new RazorComponentResult<BackfillsPage>(new { Model = new BackfillsModel(found, dagIds, form, plan, notice, problem) })
            {
                StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            };
        }
    }
}
