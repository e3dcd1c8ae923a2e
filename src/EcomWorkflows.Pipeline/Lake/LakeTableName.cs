namespace EcomWorkflows.Pipeline.Lake;

/// <summary>Name of a lake table, written <c>bronze.shop.events</c>.</summary>
/// <param name="Layer"><c>bronze</c>, <c>rejects</c>, <c>quarantine</c>, <c>silver</c>, <c>features</c> or <c>gold</c>.</param>
public readonly record struct LakeTableName(string Layer, string Source, string Name)
{
    public override string ToString() => $"{Layer}.{Source}.{Name}";
}
