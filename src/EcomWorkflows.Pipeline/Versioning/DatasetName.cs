using System.Text.RegularExpressions;

namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Names of datasets and their tags.</summary>
public static partial class DatasetName
{
    private const string Rule = "SOURCE/NAME: lower-case letters, digits and _ (in the source also -), each beginning with a letter, for example shop/silver";

    /// <exception cref="DatasetException">It is no name a dataset can have.</exception>
    public static void Check(string name)
    {
        if (!Name().IsMatch(name))
            throw new DatasetException($"'{name}' is no name of a dataset; allowed is {Rule}.");
    }

    /// <summary>The part behind the slash.</summary>
    public static string LeafOf(string name) => name[(name.LastIndexOf('/') + 1)..];

    /// <summary>Dataset and version a tag of ours stands for; null for other tags. The name's own part has no dash, so the last one stands for the slash.</summary>
    public static (string Dataset, int Version)? OfTag(string tag)
    {
        var match = Tag().Match(tag);
        return match.Success && int.TryParse(match.Groups["version"].Value, out var version)
            ? ($"{match.Groups["source"].Value}/{match.Groups["name"].Value}", version)
            : null;
    }

    /// <summary>What a person wrote for a version: a tag, <c>dataset@vN</c>, <c>dataset/vN</c>, or a dataset alone, which means its newest.</summary>
    /// <exception cref="DatasetException">It is none of these.</exception>
    public static (string Dataset, int? Version) Parse(string word)
    {
        if (OfTag(word) is { } tag)
            return tag;
        var match = Word().Match(word);
        if (!match.Success || (match.Groups["version"].Success && !int.TryParse(match.Groups["version"].Value, out _)))
            throw new DatasetException($"'{word}' names no dataset version. Write a tag (shop-silver/v3), DATASET@vN (shop/silver@v3), or a dataset for its newest version (shop/silver).");
        return (match.Groups["dataset"].Value, match.Groups["version"].Success ? int.Parse(match.Groups["version"].Value) : null);
    }

    [GeneratedRegex("^[a-z][a-z0-9_-]*/[a-z][a-z0-9_]*$")]
    private static partial Regex Name();

    [GeneratedRegex("^(?<source>[a-z][a-z0-9_-]*)-(?<name>[a-z][a-z0-9_]*)/v(?<version>[1-9][0-9]*)$")]
    private static partial Regex Tag();

    [GeneratedRegex("^(?<dataset>[a-z][a-z0-9_-]*/(?!v[0-9]+$)[a-z][a-z0-9_]*)([@/]v?(?<version>[1-9][0-9]*))?$", RegexOptions.ExplicitCapture)]
    private static partial Regex Word();
}
