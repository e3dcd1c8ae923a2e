namespace EcomWorkflows.Pipeline.Ingestion.Drift;

/// <summary>How many records of a file were rejected for one reason.</summary>
/// <param name="Column">Null where the whole record is at fault.</param>
/// <param name="FirstLine">The first of them.</param>
/// <param name="Example">What was said of it.</param>
internal sealed record RejectedShare(string Rule, string? Column, long Records, long FirstLine, string Example);
