namespace EcomWorkflows.Pipeline.Features.Activity;

/// <summary>Different texts one behind the other, in their order byte by byte.</summary>
/// <param name="ends">Where each ends among the bytes.</param>
/// <param name="beginnings">The first eight bytes of each, zeros behind a shorter one: most are told apart by that.</param>
internal sealed class SequentialTexts(byte[] bytes, int[] ends, ulong[] beginnings)
{
    public int Count => ends.Length;

    public ReadOnlySpan<byte> this[int place] => bytes.AsSpan((place == 0 ? 0 : ends[place - 1])..ends[place]);

    /// <summary>Whether one of these texts comes before one of others.</summary>
    public bool IsBefore(int place, SequentialTexts others, int other)
    {
        var (mine, theirs) = (beginnings[place], others.BeginningOf(other));
        return mine == theirs ? this[place].SequenceCompareTo(others[other]) < 0 : mine < theirs;
    }

    private ulong BeginningOf(int place) => beginnings[place];
}
