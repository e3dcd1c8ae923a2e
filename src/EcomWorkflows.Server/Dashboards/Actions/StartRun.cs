using System.Globalization;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;
using EcomWorkflows.Server.Dashboards.Models;
using EcomWorkflows.Server.Dashboards.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcomWorkflows.Server.Dashboards.Actions;

/// <summary>
/// <c>GET /dags/{dag}/run</c>: the form for a manual run. <c>POST /dags/{dag}/trigger</c>: parameters are the fields <c>param.&lt;name&gt;</c>, those not sent take
/// their defaults. What cannot be used comes back as the form, with what is wrong beside each field.
/// </summary>
internal static class StartRun
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet("/dags/{dagId}/run", async (string dagId, DagStore dags, CancellationToken ct) => Page(await FormAsync(dagId, dags, ct)));
        routes.MapPost("/dags/{dagId}/trigger", HandleAsync);
    }

    private static async Task<IResult> HandleAsync(string dagId, HttpContext context, DagStore dags, ManualRuns manual, CancellationToken cancellationToken)
    {
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(cancellationToken) : FormCollection.Empty;
        var (model, parameters) = Read(await FormAsync(dagId, dags, cancellationToken), form);
        DateTimeOffset? logicalDate = null;
        if (model.LogicalDate.Length > 0)
        {
            if (DateTimeOffset.TryParse(model.LogicalDate, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at))
                logicalDate = at;
            else
                model = model with { LogicalDateError = $"'{model.LogicalDate}' is no date and time; write it as 2026-11-01T06:00." };
        }
        if (model.HasErrors)
            return Refused(model);
        try
        {
            var created = await manual.TriggerAsync(
                dagId, parameters, logicalDate, Actors.Of(context, Actors.Web), cancellationToken, NullIfEmpty(model.RunKey), NullIfEmpty(model.Note));
            return Notices.Redirect(Links.Run(dagId, created.RunKey), created.IsNew ? "started" : "existed");
        }
        catch (OrchestrationException refused) when (refused is not NotFoundException)
        {
            return Refused(model with { Problem = refused.Message });
        }
    }

    private static async Task<StartModel> FormAsync(string dagId, DagStore dags, CancellationToken cancellationToken)
    {
        var info = await dags.GetAsync(dagId, cancellationToken);
        return StartModel.Of((await dags.GraphAsync(dagId, info.CurrentVersion, cancellationToken)).Dag, info.IsPaused);
    }

    private static (StartModel Model, JsonObject Parameters) Read(StartModel model, IFormCollection form)
    {
        var fields = new List<ParamField>();
        var parameters = new JsonObject();
        foreach (var untouched in model.Fields)
        {
            if (!form.TryGetValue(untouched.FieldName, out var text))
            {
                fields.Add(untouched.Param.Default is null ? untouched with { Error = $"Give a value; it must be {untouched.Param.Type}." } : untouched);
                continue;
            }
            var (field, value, isGiven) = ParamField.Read(untouched.Param, text.ToString());
            fields.Add(field);
            if (isGiven)
                parameters[field.Param.Name] = value;
        }
        return (model with { Fields = fields, LogicalDate = form["logical_date"].ToString(), RunKey = form["run_key"].ToString().Trim(), Note = form["note"].ToString().Trim() }, parameters);
    }

    private static RazorComponentResult<StartPage> Page(StartModel model) => new(new { Model = model });

    private static RazorComponentResult<StartPage> Refused(StartModel model) => new(new { Model = model }) { StatusCode = StatusCodes.Status400BadRequest };

    private static string? NullIfEmpty(string text) => text.Length == 0 ? null : text;
}
