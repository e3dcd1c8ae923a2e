using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>Why something failed, in Elsa's form.</summary>
internal sealed record ExceptionState(string Type, string Message, string? StackTrace, ExceptionState? InnerException = null, JsonObject? Metadata = null)
{
    private const string UnknownMessage = "The task failed and gave no message.";

    public static ExceptionState? Of(AttemptInfo attempt) =>
        attempt.State is "failed" or "fenced" ? Create(attempt.Cause, attempt.Message, attempt.Exception) : null;

    /// <summary>The exception's type is taken from its text; a failure without one is named by its cause.</summary>
    public static ExceptionState Create(string? cause, string? message, string? exception)
    {
        var firstLine = exception?.Split('\n', 2)[0] ?? "";
        var end = firstLine.AsSpan().IndexOfAny(':', ' ');
        var type = end > 0 && firstLine[..end].Contains('.', StringComparison.Ordinal) ? firstLine[..end] : cause ?? "failed";
        return new ExceptionState(type, message ?? UnknownMessage, exception);
    }
}
