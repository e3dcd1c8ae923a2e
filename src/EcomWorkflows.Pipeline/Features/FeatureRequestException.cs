namespace EcomWorkflows.Pipeline.Features;

/// <summary>A request for online features cannot be answered; the message says what is wrong and what is allowed.</summary>
public sealed class FeatureRequestException(string message, bool notFound) : Exception(message)
{
    /// <summary>True where the request names something that does not exist, false where it is malformed.</summary>
    public bool NotFound { get; } = notFound;
}
