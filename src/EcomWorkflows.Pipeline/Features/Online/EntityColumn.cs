namespace EcomWorkflows.Pipeline.Features.Online;

/// <summary>One member of a request's <c>entities</c>: its name and its values.</summary>
internal sealed class EntityColumn
{
    private EntityValue[] values = new EntityValue[16];

    public string Name { get; set; } = "";

    public int Count { get; private set; }

    public EntityValue this[int row] => values[row];

    public void Clear() => Count = 0;

    public void Add(EntityValue value)
    {
        if (Count == values.Length)
            Array.Resize(ref values, values.Length * 2);
        values[Count++] = value;
    }
}
