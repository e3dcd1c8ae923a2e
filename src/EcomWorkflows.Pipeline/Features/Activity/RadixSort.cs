namespace EcomWorkflows.Pipeline.Features.Activity;

/// <summary>Sorts by numbers, byte by byte from the lowest: for hundreds of thousands of them some times faster than by comparing.</summary>
internal static class RadixSort
{
    private const int Values = 256;

    /// <summary>Sorts the keys, and the values with them; what has equal keys stays in its order.</summary>
    public static void Sort(ulong[] keys, int[] values)
    {
        var (fromKeys, fromValues) = (keys, values);
        var (toKeys, toValues) = (new ulong[keys.Length], new int[keys.Length]);
        for (var shift = 0; shift < 64; shift += 8)
        {
            var places = Places(fromKeys, shift);
            if (places is null)
                continue;
            for (var i = 0; i < fromKeys.Length; i++)
            {
                var place = places[(int)(fromKeys[i] >> shift) & (Values - 1)]++;
                toKeys[place] = fromKeys[i];
                toValues[place] = fromValues[i];
            }
            (fromKeys, toKeys, fromValues, toValues) = (toKeys, fromKeys, toValues, fromValues);
        }
        if (fromKeys == keys)
            return;
        Array.Copy(fromKeys, keys, keys.Length);
        Array.Copy(fromValues, values, values.Length);
    }

    /// <summary>Where the first key with each value of a byte belongs; null where all keys have the same.</summary>
    private static int[]? Places(ulong[] keys, int shift)
    {
        var places = new int[Values];
        foreach (var key in keys)
            places[(int)(key >> shift) & (Values - 1)]++;
        var place = 0;
        for (var value = 0; value < Values; value++)
        {
            if (places[value] == keys.Length)
                return null;
            (places[value], place) = (place, place + places[value]);
        }
        return places;
    }
}
