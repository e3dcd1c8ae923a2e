namespace EcomWorkflows.Pipeline.Validation;

/// <summary>A row that validation keeps out of everything downstream.</summary>
/// <param name="File">Name of the raw file.</param>
/// <param name="Line">Where its record begins there, from 1; its number where records are no lines.</param>
/// <param name="Rules">Reason codes of the expectations it breaks.</param>
/// <param name="Messages">What is wrong, one for each rule.</param>
/// <param name="Raw">The record as it was delivered; its values as JSON where it was never text, or the raw file is gone.</param>
public sealed record QuarantinedRow(string File, long Line, IReadOnlyList<string> Rules, IReadOnlyList<string> Messages, string? Raw);
