using System.Text;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Pipeline.Ingestion.Files;

/// <summary>A pattern over paths with <c>/</c>: <c>*</c> and <c>?</c> within a segment, <c>**</c> any number of segments.</summary>
internal sealed class Glob
{
    private static readonly char[] Wildcards = ['*', '?'];
    private readonly string pattern;
    private readonly Regex regex;

    public Glob(string pattern)
    {
        this.pattern = pattern;
        var wildcard = pattern.IndexOfAny(Wildcards);
        Prefix = wildcard < 0 ? pattern : pattern[..wildcard];
        Folder = pattern[..(Prefix.LastIndexOf('/') + 1)];
        regex = new Regex(Expression(pattern), RegexOptions.CultureInvariant);
    }

    /// <summary>What every match begins with.</summary>
    public string Prefix { get; }

    /// <summary>The folder every match is in, with its last slash; empty for the root.</summary>
    public string Folder { get; }

    public bool HasWildcard => pattern.IndexOfAny(Wildcards) >= 0;

    /// <summary>Whether matches can be in folders below <see cref="Folder"/>.</summary>
    public bool IsDeep => pattern.AsSpan(Folder.Length).Contains('/');

    public bool IsMatch(string path) => regex.IsMatch(path);

    /// <summary>What tells one match from all others: its path below the folder.</summary>
    public string NameOf(string path) => path[Folder.Length..];

    private static string Expression(string pattern)
    {
        var expression = new StringBuilder("^");
        for (var index = 0; index < pattern.Length; index++)
        {
            if (pattern.AsSpan(index).StartsWith("**/"))
            {
                expression.Append("(?:[^/]+/)*");
                index += 2;
            }
            else
            {
                expression.Append(pattern[index] switch
                {
                    '*' => "[^/]*",
                    '?' => "[^/]",
                    var literal => Regex.Escape($"{literal}"),
                });
            }
        }
        return expression.Append(@"\z").ToString();
    }
}
