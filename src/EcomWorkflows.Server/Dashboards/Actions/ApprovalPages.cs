using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;
using EcomWorkflows.Server.Dashboards.Models;
using EcomWorkflows.Server.Dashboards.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcomWorkflows.Server.Dashboards.Actions;

/// <summary><c>/approvals</c>: questions tasks ask people. An answer lets the task go on.</summary>
internal static class ApprovalPages
{
    private const int Listed = 200;

    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Links.Approvals, async (string? notice, bool? all, QuestionStore questions, CancellationToken ct) =>
            await PageAsync(questions, all == true, Notices.Text(notice), problem: null, ct));
        routes.MapPost(Links.Approvals + "/answer", AnswerAsync);
    }

    private static async Task<IResult> AnswerAsync(HttpContext context, QuestionStore questions, CancellationToken cancellationToken)
    {
        var form = await context.Request.ReadFormAsync(cancellationToken);
        if (!long.TryParse(form["run"], out var runId) || !int.TryParse(form["map"], out var mapIndex))
            throw new BadRequestException("The answer does not say which task it is for. Reload the page and answer again.");
        try
        {
            await questions.AnswerAsync(
                runId, form["task"].ToString(), mapIndex, form["answer"].ToString(), form["comment"].ToString() is { Length: > 0 } comment ? comment : null,
                Actors.Of(context, Actors.Web), cancellationToken);
            return Notices.Redirect(Links.Approvals, "answered");
        }
        catch (OrchestrationException refused)
        {
            return await PageAsync(questions, withClosed: false, notice: null, refused.Message, cancellationToken);
        }
    }

    private static async Task<RazorComponentResult<ApprovalsPage>> PageAsync(
        QuestionStore questions, bool withClosed, string? notice, string? problem, CancellationToken cancellationToken) =>
        new(new { Model = new ApprovalsModel(await questions.ListAsync(dagId: null, runId: null, !withClosed, Listed, cancellationToken), withClosed, notice, problem) })
        {
            StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
        };
}
