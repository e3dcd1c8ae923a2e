using EcomWorkflows.Elsa.Api;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Outages;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Server.Dashboards;
using Npgsql;

namespace EcomWorkflows.Server.Api;

/// <summary>Answers what nobody expected: the failure is logged, the client gets a problem or a page without inner details.</summary>
internal sealed class FailureResponse(RequestDelegate next, PipelineOptions pipeline, OutageLog outages, ILogger<FailureResponse> logger)
{
    public async Task InvokeAsync(HttpContext context)
    {
        try
        {
            await next(context);
        }
        catch (OperationCanceledException) when (context.RequestAborted.IsCancellationRequested || context.Response.HasStarted)
        {
            // The client went away, or a stream ended because the server stops; there is nobody to answer.
        }
        catch (BadHttpRequestException wrong) when (!context.Response.HasStarted)
        {
            await AnswerAsync(context, wrong.StatusCode, "Bad request", BindingFailure.Words(wrong));
        }
        catch (Exception wrong) when (IsUnstorableText(wrong) && !context.Response.HasStarted)
        {
            await AnswerAsync(context, StatusCodes.Status400BadRequest, "Bad request", $"{StorableText.Rule}. Remove it from the request.");
        }
        catch (Exception full) when (FullDisk.IsReason(full) && !context.Response.HasStarted)
        {
            logger.LogError("{Method} {Path} found the disk full: {Reason}", context.Request.Method, context.Request.Path, full.Message);
            await AnswerAsync(
                context, StatusCodes.Status507InsufficientStorage, "Disk full",
                $"The disk that holds {pipeline.Home} or the database is full, so this was not done. Free some space there, then try again; the program's log names the file.");
        }
        catch (NpgsqlException failure) when (OrchestrationDatabase.IsPassing(failure) && !context.Response.HasStarted)
        {
            // Pages that are open ask again every few seconds: that the database is away is said once for all of them.
            if (OrchestrationDatabase.IsAway(failure))
                outages.Failed("An answer", failure);
            else
                logger.LogError(failure, "The database did not answer {Method} {Path}", context.Request.Method, context.Request.Path);
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "Database not available", "The database does not answer. Try again shortly; see the program's log.");
        }
        catch (TaskFailedException failure) when (failure.Cause == FailureCause.Dependency && !context.Response.HasStarted)
        {
            // A bucket that does not answer, for example: the message is for people, and says what to do.
            logger.LogError("{Method} {Path} failed: {Reason}", context.Request.Method, context.Request.Path, failure.Message);
            await AnswerAsync(context, StatusCodes.Status503ServiceUnavailable, "Not available now", failure.Message);
        }
        catch (Exception failure) when (!context.Response.HasStarted)
        {
            logger.LogError(failure, "{Method} {Path} failed", context.Request.Method, context.Request.Path);
            await AnswerAsync(context, StatusCodes.Status500InternalServerError, "Internal error", "Something failed here that should not. The program's log says what.");
        }
    }

    /// <summary>The one that ASP.NET has for a field of a form with U+0000 is of another kind than the database's.</summary>
    private static bool IsUnstorableText(Exception failure) => StorableText.IsReason(failure) || failure is InvalidDataException { InnerException: InvalidOperationException };

    private static Task AnswerAsync(HttpContext context, int status, string title, string detail)
    {
        var wantsPage = HttpMethods.IsGet(context.Request.Method) && !context.Request.Path.StartsWithSegments("/api") && !context.Request.Path.StartsWithSegments(ElsaApi.Base);
        return (wantsPage ? PageErrors.Page(status, title, detail) : TypedResults.Problem(detail, statusCode: status, title: title)).ExecuteAsync(context);
    }
}
