using EcomWorkflows.Pipeline.Validation.Checks;

namespace EcomWorkflows.Pipeline.Validation.Running;

/// <summary>A check with the values of its aggregates, or the reason why they could not be had.</summary>
internal sealed record CountedCheck(int Ordinal, Check Check, IReadOnlyList<object?> Values, string? Problem = null)
{
    public long Elements => Count(0);

    public long Missing => Count(1);

    public long Unexpected => Count(2);

    private long Count(int index) => (long)Values[index]!;
}
