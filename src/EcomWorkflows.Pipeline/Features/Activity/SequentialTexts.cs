namespace EcomWorkflows.Pipeline.Features.Activity;

/// <summary>Texts one behind the other.</summary>
/// <param name="ends">Where each ends among the bytes.</param>
internal sealed class SequentialTexts(byte[] bytes, int[] ends)
{
    public int Count => ends.Length;

    public ReadOnlySpan<byte> this[int place] => bytes.AsSpan((place == 0 ? 0 : ends[place - 1])..ends[place]);
}
