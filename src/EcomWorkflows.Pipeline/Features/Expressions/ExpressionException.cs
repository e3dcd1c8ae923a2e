namespace EcomWorkflows.Pipeline.Features.Expressions;

/// <summary>A text is no expression, or names what there is not; the message says where and what is allowed.</summary>
public sealed class ExpressionException(string message) : Exception(message);
