using System.Runtime.InteropServices;
using System.Security.Cryptography;

namespace EcomWorkflows.Pipeline.Training;

/// <summary>What tells one set of test rows from another.</summary>
internal static class Holdout
{
    /// <summary>SHA-256 over column names, values and labels: two models judged by the same hash were judged by the same rows.</summary>
    internal static string Sha256(LabelledTable test)
    {
        using var hash = IncrementalHash.CreateHash(HashAlgorithmName.SHA256);
        hash.AppendData(System.Text.Encoding.UTF8.GetBytes(string.Join('\n', test.Features.Names)));
        hash.AppendData(MemoryMarshal.AsBytes(test.Features.Values.AsSpan()));
        hash.AppendData(MemoryMarshal.AsBytes(test.Labels.AsSpan()));
        return Convert.ToHexStringLower(hash.GetHashAndReset());
    }
}
