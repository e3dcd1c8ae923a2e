namespace EcomWorkflows.Server.Api;

/// <summary>A request whose query or body makes no sense; the message says what was allowed.</summary>
internal sealed class BadRequestException(string message) : Exception(message);
