namespace EcomWorkflows.Orchestration.Secrets;

/// <summary>A connection with its secrets, for the task that uses it; the secrets are masked in every log from now on.</summary>
public sealed record Connection(StoredConnection Info, IReadOnlyDictionary<string, string> Secrets)
{
    public string Name => Info.Name;

    public string? Password => Secrets.GetValueOrDefault("password");

    /// <summary>A member of the extra, secret or not; null where it is absent.</summary>
    public string? Extra(string name) =>
        Secrets.GetValueOrDefault($"extra.{name}") ?? (Info.Extra[name] is { } value ? Planning.TemplateFilters.AsText(value) : null);

    /// <summary>Every field that is set, by the names templates use.</summary>
    public IReadOnlyDictionary<string, string> Fields()
    {
        var fields = new Dictionary<string, string>(Secrets, StringComparer.Ordinal) { ["type"] = Info.Type };
        Set("host", Info.Host);
        Set("port", Info.Port?.ToString(System.Globalization.CultureInfo.InvariantCulture));
        Set("login", Info.Login);
        Set("schema", Info.Schema);
        foreach (var (name, value) in Info.Extra)
            Set($"extra.{name}", value is null ? null : Planning.TemplateFilters.AsText(value));
        return fields;

        void Set(string name, string? value)
        {
            if (value is not null)
                fields.TryAdd(name, value);
        }
    }
}
