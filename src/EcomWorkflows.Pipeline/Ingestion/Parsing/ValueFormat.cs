using System.Collections.Immutable;

namespace EcomWorkflows.Pipeline.Ingestion.Parsing;

/// <summary>How values are written as text.</summary>
/// <param name="Nulls">Texts that mean no value.</param>
/// <param name="DecimalComma">Whether numbers have a comma before their fraction.</param>
internal sealed record ValueFormat(
    ImmutableArray<byte[]> Nulls, bool DecimalComma, IReadOnlyList<TimestampPattern> Timestamps, IReadOnlyList<TimestampPattern> Dates)
{
    private static readonly string[] IsoTimestamps = ["%Y-%m-%d %H:%M:%S", "%Y-%m-%dT%H:%M:%S", "%Y-%m-%dT%H:%M:%S%z", "%Y-%m-%dT%H:%M:%S.%f%z"];

    public static ValueFormat From(FormatMembers members) => new(
        [.. members.Texts("nulls", [""]).Select(System.Text.Encoding.UTF8.GetBytes)],
        members.OneOf("decimal", ".", [".", ","]) == ",",
        Patterns(members, "timestamp", IsoTimestamps),
        Patterns(members, "date", ["%Y-%m-%d"]));

    public bool IsNull(ReadOnlySpan<byte> text)
    {
        foreach (var candidate in Nulls)
        {
            // Nearly all values are told apart by their length alone.
            if (candidate.Length == text.Length && text.SequenceEqual(candidate))
                return true;
        }
        return false;
    }

    private static TimestampPattern[] Patterns(FormatMembers members, string name, string[] fallback) =>
        [.. members.Texts(name, fallback).Select(text =>
            TimestampPattern.TryCompile(text, out var pattern) ? pattern : throw members.Refuse(name, TimestampPattern.Allowed, text))];
}
