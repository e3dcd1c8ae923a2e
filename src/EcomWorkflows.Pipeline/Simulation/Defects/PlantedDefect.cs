namespace EcomWorkflows.Pipeline.Simulation.Defects;

/// <summary>One defect of the manifest.</summary>
/// <param name="Rule">Reason code validation must give this row.</param>
/// <param name="AlsoBreaks">The one other reason code it must give (an exact duplicate repeats the key, too); null for most.</param>
/// <param name="File">Name of the file; <c>customers.json</c> for the REST API's records.</param>
/// <param name="Line">Physical line in the file, the header is 1; for customers the position in the API's list, from 1.</param>
public sealed record PlantedDefect(string Entity, string Kind, string Rule, string? AlsoBreaks, string File, long Line, string? Column, string Value);
