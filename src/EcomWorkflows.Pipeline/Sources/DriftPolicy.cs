namespace EcomWorkflows.Pipeline.Sources;

/// <summary>What each kind of schema drift does. A member that is not given is the default of its format.</summary>
/// <param name="New">A column that is not declared; where accepted, it stays in the raw file only. Default: fail; warn for JSON.</param>
/// <param name="Missing">A declared column that is not there; where accepted, it is empty. Default: fail; warn for JSON.</param>
/// <param name="Reordered">The declared columns in another order; where accepted, they are read by name. Default: fail.</param>
/// <param name="Retyped">A column of which many values are no values of its type; the records are rejected in any case. Default: warn; fail for Parquet.</param>
/// <param name="Uneven">Many records with another number of fields than the header; they are rejected in any case. Default: warn.</param>
public sealed record DriftPolicy(
    DriftAction? New = null, DriftAction? Missing = null, DriftAction? Reordered = null, DriftAction? Retyped = null, DriftAction? Uneven = null);
