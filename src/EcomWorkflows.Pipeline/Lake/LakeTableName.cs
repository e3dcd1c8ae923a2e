namespace EcomWorkflows.Pipeline.Lake;

/// <summary>Name of a lake table, written <c>bronze.shop.events</c>.</summary>
/// <param name="Layer"><c>bronze</c>, <c>rejects</c>, <c>quarantine</c>, <c>silver</c>, <c>features</c> or <c>gold</c>.</param>
public readonly record struct LakeTableName(string Layer, string Source, string Name)
{
    /// <exception cref="FormatException">It is not three words with dots between them.</exception>
    public static LakeTableName Parse(string text) =>
        text.Split('.') is [{ Length: > 0 } layer, { Length: > 0 } source, { Length: > 0 } name] ? new LakeTableName(layer, source, name) : throw new FormatException($"'{text}' is no lake table.");

    public override string ToString() => $"{Layer}.{Source}.{Name}";
}
