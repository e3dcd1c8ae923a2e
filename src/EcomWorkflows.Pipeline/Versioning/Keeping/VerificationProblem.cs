namespace EcomWorkflows.Pipeline.Versioning.Keeping;

/// <summary>Something a version stands on that is not as it should be.</summary>
/// <param name="Kind"><c>missing</c>, <c>damaged</c> (its bytes have another hash) or <c>different</c> (two records of it do not agree).</param>
/// <param name="Place">File of the cache or repository.</param>
/// <param name="Tags">Versions that need it.</param>
public sealed record VerificationProblem(string Kind, string Place, string Detail, IReadOnlyList<string> Tags);
