using System.Globalization;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Scheduling;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Api;

namespace EcomWorkflows.Server.Dashboards.Actions;

/// <summary><c>POST /dags/{dag}/trigger</c>; parameters are the fields <c>param.&lt;name&gt;</c>, those not sent take their defaults.</summary>
internal static class StartRun
{
    private const string ParamPrefix = "param.";

    public static void Map(IEndpointRouteBuilder routes) => routes.MapPost("/dags/{dagId}/trigger", HandleAsync);

    private static async Task<IResult> HandleAsync(string dagId, HttpContext context, DagStore dags, ManualRuns manual, CancellationToken cancellationToken)
    {
        var declared = (await dags.CurrentGraphAsync(dagId, cancellationToken)).Dag.Params;
        var form = context.Request.HasFormContentType ? await context.Request.ReadFormAsync(cancellationToken) : FormCollection.Empty;
        var parameters = new JsonObject();
        foreach (var param in declared)
        {
            if (form.TryGetValue(ParamPrefix + param.Name, out var text))
                parameters[param.Name] = Value(param, text.ToString());
        }
        var created = await manual.TriggerAsync(dagId, parameters, LogicalDate(form["logical_date"].ToString()), Actors.Of(context, Actors.Web), cancellationToken);
        return Notices.Redirect(Links.Run(dagId, created.RunKey), created.IsNew ? "started" : "existed");
    }

    /// <summary>Text is taken as it is; any other type is written as JSON.</summary>
    private static JsonNode? Value(DagParam param, string text)
    {
        if (param.Type == "string")
            return JsonValue.Create(text);
        try
        {
            return JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            throw new BadRequestException($"Parameter '{param.Name}' must be {param.Type}, written as JSON; got '{text}'.");
        }
    }

    private static DateTimeOffset? LogicalDate(string text) =>
        text.Length == 0 ? null
        : DateTimeOffset.TryParse(text, CultureInfo.InvariantCulture, DateTimeStyles.AssumeUniversal, out var at) ? at
        : throw new BadRequestException($"'{text}' is no date and time; write it as 2026-11-01T06:00.");
}
