using System.Collections.Immutable;
using System.Text.Json;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Replaces known secrets in everything that is logged or stored as a message.</summary>
public sealed class SecretMasker
{
    public const string Mask = "***";

    private ImmutableArray<string> secrets = [];

    /// <summary>
    /// Makes a value secret from now on, also as it stands inside JSON and addresses. Values shorter than four characters are ignored: masking them would garble
    /// every line.
    /// </summary>
    public void Add(string? secret)
    {
        if (secret is not { Length: >= 4 } || secrets.Contains(secret))
            return;
        string[] forms = [secret, JsonEncodedText.Encode(secret).Value, Uri.EscapeDataString(secret)];
        // Longest first: where one secret begins with another, no rest of it is left.
        ImmutableInterlocked.Update(ref secrets, known => [.. known.Union(forms, StringComparer.Ordinal).OrderByDescending(s => s.Length)]);
    }

    public string? Apply(string? text)
    {
        if (text is null)
            return null;
        foreach (var secret in secrets)
            text = text.Replace(secret, Mask, StringComparison.Ordinal);
        return text;
    }
}
