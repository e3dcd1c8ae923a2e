namespace EcomWorkflows.DuckDB;

/// <summary>Answers a call of a function in SQL, for one chunk of rows; from several threads at once where the statement runs on several.</summary>
/// <param name="rows">The arguments.</param>
/// <param name="answers">One per row, to be filled.</param>
public delegate void DuckDbPredicate(DuckDbArguments rows, Span<bool> answers);
