using System.Diagnostics.CodeAnalysis;

namespace EcomWorkflows.Pipeline.Ingestion.Parsing;

/// <summary>A strptime pattern, compiled to steps over UTF-8 text. One- and two-digit days, months and hours are both read.</summary>
internal sealed class TimestampPattern
{
    public const string Allowed = "a strptime pattern of %Y %y %m %d %H %I %p %M %S %f (fraction) %z (Z or +hh:mm) %s (seconds since 1970) and literal text";
    private const string Known = "YymdHIpMSfzs%";
    private readonly string pattern;

    private TimestampPattern(string pattern) => this.pattern = pattern;

    public override string ToString() => pattern;

    public static bool TryCompile(string pattern, [NotNullWhen(true)] out TimestampPattern? compiled)
    {
        // %-d and the like are the same for reading.
        var plain = pattern.Replace("%-", "%", StringComparison.Ordinal);
        compiled = null;
        for (var index = 0; index < plain.Length; index++)
        {
            if (plain[index] > 127 || (plain[index] == '%' && (++index == plain.Length || !Known.Contains(plain[index], StringComparison.Ordinal))))
                return false;
        }
        compiled = plain.Length == 0 ? null : new TimestampPattern(plain);
        return compiled is not null;
    }

    /// <summary>The time the whole text writes, UTC where it has an offset and unchanged where it has none.</summary>
    public bool TryParse(ReadOnlySpan<byte> text, out DateTime time)
    {
        time = default;
        var parts = new TimestampParts();
        for (var index = 0; index < pattern.Length; index++)
        {
            if (pattern[index] != '%')
            {
                if (text.IsEmpty || text[0] != pattern[index])
                    return false;
                text = text[1..];
            }
            else if (!parts.TryRead(pattern[++index], ref text))
            {
                return false;
            }
        }
        return text.IsEmpty && parts.TryMake(out time);
    }
}
