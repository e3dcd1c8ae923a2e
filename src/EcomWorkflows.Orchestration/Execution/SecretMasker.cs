using System.Collections.Immutable;

namespace EcomWorkflows.Orchestration.Execution;

/// <summary>Replaces known secrets in everything that is logged or stored as a message.</summary>
public sealed class SecretMasker
{
    public const string Mask = "***";

    private ImmutableArray<string> secrets = [];

    /// <summary>Makes a value secret from now on. Values shorter than four characters are ignored: masking them would garble every line.</summary>
    public void Add(string? secret)
    {
        if (secret is { Length: >= 4 })
            ImmutableInterlocked.Update(ref secrets, known => known.Contains(secret) ? known : known.Add(secret));
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
