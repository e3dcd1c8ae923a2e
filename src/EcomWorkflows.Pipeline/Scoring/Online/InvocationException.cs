namespace EcomWorkflows.Pipeline.Scoring.Online;

/// <summary>A request for predictions that is not answered; the message names what is wrong and what is allowed.</summary>
public sealed class InvocationException(InvocationError error, string message, Exception? cause = null) : Exception(message, cause)
{
    public InvocationError Error { get; } = error;

    internal static InvocationException Malformed(string message) => new(InvocationError.BadRequest, message);
}
