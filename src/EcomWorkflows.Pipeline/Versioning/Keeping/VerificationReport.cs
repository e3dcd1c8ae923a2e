namespace EcomWorkflows.Pipeline.Versioning.Keeping;

/// <summary>What a verification read and found.</summary>
/// <param name="Contents">Different contents of the cache that the versions need.</param>
/// <param name="Bytes">Read and hashed.</param>
public sealed record VerificationReport(int Versions, int Contents, long Bytes, IReadOnlyList<VerificationProblem> Problems);
