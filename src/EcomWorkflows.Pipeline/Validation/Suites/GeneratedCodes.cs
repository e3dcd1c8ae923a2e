using System.Security.Cryptography;
using System.Text;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Pipeline.Validation.Suites;

/// <summary>Reason codes of the expectations that state none: type and column, in the letters a code may have.</summary>
internal static partial class GeneratedCodes
{
    private const int HashDigits = 12;

    public static string Of(string type, string? column) =>
        NotOfACode().Replace(WithoutPrefix(column is null ? type : $"{type}_{column}").ToLowerInvariant(), "_");

    /// <summary>Gives expectations about different things different codes where type and column alone give them the same: other scripts leave no letters, and of several columns none is in the code.</summary>
    /// <remarks>A code does not depend on the order of the suite. The one expectation whose code says exactly what it is about keeps it; the others get a hash of what they are about.</remarks>
    public static IEnumerable<ExpectationConfiguration> TellApart(IReadOnlyList<ExpectationConfiguration> expectations)
    {
        var shared = expectations
            .Where(IsGenerated)
            .GroupBy(expectation => expectation.Code, StringComparer.Ordinal)
            .ToDictionary(same => same.Key, same => same.DistinctBy(expectation => expectation.Key).ToList(), StringComparer.Ordinal);
        return expectations.Select(expectation =>
            !IsGenerated(expectation) || shared[expectation.Code] is not { Count: > 1 } same || (IsExact(expectation) && same.Count(IsExact) == 1)
                ? expectation
                : expectation with { Code = $"{expectation.Code.TrimEnd('_')}_{Hash(expectation.Key)}", SharedCode = expectation.Code });
    }

    private static bool IsGenerated(ExpectationConfiguration expectation) => expectation.Meta["code"] is null;

    /// <summary>Whether nothing that it is about is lost in its code.</summary>
    private static bool IsExact(ExpectationConfiguration expectation) =>
        expectation.Kwargs["row_condition"] is null && string.Join('_', [WithoutPrefix(expectation.Type), .. expectation.Columns]).Equals(expectation.Code, StringComparison.OrdinalIgnoreCase);

    private static string WithoutPrefix(string words) => words.Replace("expect_", "", StringComparison.Ordinal);

    private static string Hash(string text) => Convert.ToHexStringLower(SHA256.HashData(Encoding.UTF8.GetBytes(text)))[..HashDigits];

    [GeneratedRegex("[^a-z0-9_]+")]
    private static partial Regex NotOfACode();
}
