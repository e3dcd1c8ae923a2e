namespace EcomWorkflows.Pipeline.Validation.RowRules;

/// <summary>Every registered row validator by name.</summary>
internal sealed class RowValidatorCatalog(IEnumerable<RowValidatorDescriptor> validators)
{
    private readonly Dictionary<string, RowValidatorDescriptor> byName = validators.ToDictionary(validator => validator.Name, StringComparer.Ordinal);

    public static RowValidatorCatalog Empty { get; } = new([]);

    public IReadOnlyList<string> Names => [.. byName.Keys.Order(StringComparer.Ordinal)];

    public RowValidatorDescriptor? Find(string name) => byName.GetValueOrDefault(name);
}
