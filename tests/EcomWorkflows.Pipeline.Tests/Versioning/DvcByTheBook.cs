using System.Security.Cryptography;
using System.Text.Json;

namespace EcomWorkflows.Pipeline.Tests.Versioning;

/// <summary>
/// What DVC's documentation says <c>dvc checkout</c> does, written without our code: the cache's place from <c>.dvc/config.local</c>, for each <c>.dvc</c> file the
/// content <c>files/md5/xx/…</c>, for a hash ending in <c>.dir</c> the list of <c>md5</c> and <c>relpath</c> in it. Every hash is checked on the way.
/// </summary>
internal static class DvcByTheBook
{
    /// <summary>Checks out everything the working files point at.</summary>
    public static void CheckOut(string repository)
    {
        var cache = ReadIni(Path.Combine(repository, ".dvc", "config.local"), "cache", "dir") ?? Path.Combine(repository, ".dvc", "cache");
        foreach (var pointer in Directory.GetFiles(repository, "*.dvc", SearchOption.AllDirectories))
        {
            var fields = File.ReadAllLines(pointer).Where(l => l.Contains(": ", StringComparison.Ordinal))
                .Select(l => l.TrimStart('-', ' ').Split(": ", 2)).ToDictionary(p => p[0], p => p[1].Trim('\'', '"'));
            if (fields["hash"] != "md5")
                throw new InvalidDataException($"{pointer}: hash is {fields["hash"]}");
            var place = Path.Combine(Path.GetDirectoryName(pointer)!, fields["path"]);
            var size = fields["md5"].EndsWith(".dir", StringComparison.Ordinal)
                ? CheckOutFolder(cache, fields["md5"], place, int.Parse(fields["nfiles"]))
                : CheckOutFile(cache, fields["md5"], place);
            if (size != long.Parse(fields["size"]))
                throw new InvalidDataException($"{pointer}: size is {fields["size"]}, its content has {size} bytes");
        }
    }

    private static long CheckOutFolder(string cache, string hash, string place, int count)
    {
        var list = Read(cache, hash);
        var entries = JsonSerializer.Deserialize<List<Dictionary<string, string>>>(list)!;
        if (entries.Count != count)
            throw new InvalidDataException($"{hash}: nfiles is {count}, the list has {entries.Count}");
        if (Directory.Exists(place))
            Directory.Delete(place, recursive: true);
        return entries.Sum(e => CheckOutFile(cache, e["md5"], Path.Combine(place, e["relpath"])));
    }

    private static long CheckOutFile(string cache, string hash, string place)
    {
        var content = Read(cache, hash);
        Directory.CreateDirectory(Path.GetDirectoryName(place)!);
        File.WriteAllBytes(place, content);
        return content.Length;
    }

    private static byte[] Read(string cache, string hash)
    {
        var content = File.ReadAllBytes(Path.Combine(cache, "files", "md5", hash[..2], hash[2..]));
#pragma warning disable CA5351 // DVC's own choice.
        var actual = Convert.ToHexStringLower(MD5.HashData(content));
#pragma warning restore CA5351
        return actual == hash.Split('.')[0] ? content : throw new InvalidDataException($"content {hash} has the hash {actual}");
    }

    private static string? ReadIni(string file, string section, string key)
    {
        var current = "";
        foreach (var line in File.ReadAllLines(file).Select(l => l.Trim()))
        {
            if (line.StartsWith('['))
                current = line.Trim('[', ']');
            else if (current == section && line.Split('=', 2) is [var name, var value] && name.Trim() == key)
                return value.Trim();
        }
        return null;
    }
}
