namespace EcomWorkflows.Pipeline.Validation.RowRules;

/// <summary>Whether a text can be an address mail is delivered to: RFC 5321's lengths and dots, RFC 1035's labels. Quoted local parts, legal but unseen, are refused.</summary>
public static class EmailAddress
{
    private const int LongestLocalPart = 64;
    private const int LongestAddress = 254;
    private const int LongestLabel = 63;
    private const string AllowedInLocalPart = ".!#$%&'*+/=?^_`{|}~-";

    public static bool IsDeliverable(string? text) => text is not null && Fault(text) is null;

    /// <summary>What is wrong with it, in words that follow a comma; null when nothing.</summary>
    public static string? Fault(string text)
    {
        var at = text.IndexOf('@');
        if (at < 0)
            return "which has no @";
        if (text.IndexOf('@', at + 1) >= 0)
            return "which has more than one @";
        var (local, domain) = (text[..at], text[(at + 1)..]);
        if (local.Length == 0)
            return "which has nothing before the @";
        if (local.Length > LongestLocalPart || text.Length > LongestAddress)
            return $"which is longer than {LongestLocalPart} characters before the @ or {LongestAddress} in all";
        if (local.Any(c => !char.IsLetterOrDigit(c) && !AllowedInLocalPart.Contains(c)))
            return "which has a character before the @ that may not stand there";
        if (local[0] == '.' || local[^1] == '.' || local.Contains("..", StringComparison.Ordinal))
            return "whose dots before the @ stand at an end or side by side";
        return DomainFault(domain);
    }

    private static string? DomainFault(string domain)
    {
        if (domain.Length == 0)
            return "which has nothing after the @";
        var labels = domain.Split('.');
        if (labels.Length < 2)
            return "whose domain has no dot";
        if (labels.Any(label => label.Length is 0 or > LongestLabel || label[0] == '-' || label[^1] == '-'))
            return "whose domain has a part that is empty, too long, or begins or ends with a hyphen";
        if (labels.Any(label => label.Any(c => !char.IsLetterOrDigit(c) && c != '-')))
            return "whose domain has a character that may not stand there";
        return labels[^1].Length < 2 || labels[^1].All(char.IsDigit) ? "whose domain ends in no top-level domain" : null;
    }
}
