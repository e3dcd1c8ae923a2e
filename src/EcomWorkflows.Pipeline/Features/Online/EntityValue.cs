namespace EcomWorkflows.Pipeline.Features.Online;

/// <summary>Where one value of a request's <c>entities</c> stands in its body.</summary>
/// <param name="IsText">A JSON string, quotes included in the range.</param>
/// <param name="IsEscaped">The string has escapes: its text is not its bytes.</param>
internal readonly record struct EntityValue(int Start, int Length, bool IsText, bool IsEscaped);
