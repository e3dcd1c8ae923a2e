using System.Text.RegularExpressions;
using EcomWorkflows.Pipeline.Ingestion.Compression;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>What ingestion notes of a bronze file: the raw bytes it was made from, and the name its rows carry.</summary>
internal sealed partial record RawOrigin(string Sha256, string Name)
{
    /// <summary>The origin of a bronze file; null where it was not made from a raw file.</summary>
    public static RawOrigin? Of(LakeFile file) =>
        Noted().Match(file.DerivedFrom ?? "") is { Success: true } origin ? new RawOrigin(origin.Groups["sha256"].Value, origin.Groups["name"].Value) : null;

    /// <summary>The different names the rows of a bronze table carry; none where that is not noted of all its files.</summary>
    public static IReadOnlyList<string> NamesOf(LakeSnapshot bronze)
    {
        var names = bronze.Files.Where(file => file.Rows > 0).Select(file => Of(file)?.Name).Distinct(StringComparer.Ordinal).ToList();
        return names.Contains(null) ? [] : [.. names.OfType<string>()];
    }

    /// <summary>The raw file, or the one file of a zip file, where the lake still has it.</summary>
    public async Task<RawDelivery?> FindAsync(LakeStore lake, LakeTableName table, CancellationToken cancellationToken)
    {
        if (await lake.FindRawAsync(table.Source, table.Name, Sha256, cancellationToken) is not { } raw)
            return null;
        var member = RawBytes.Members(lake.Absolute(raw.Path), Name)?.FirstOrDefault(member => Name.EndsWith($"/{member}", StringComparison.Ordinal));
        return new RawDelivery(raw, Name, member);
    }

    [GeneratedRegex("^raw (?<sha256>[0-9a-f]{64}) (?<name>.+) read [0-9a-f]{64}$")]
    private static partial Regex Noted();
}
