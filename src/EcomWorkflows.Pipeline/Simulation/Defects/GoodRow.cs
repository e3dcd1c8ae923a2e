namespace EcomWorkflows.Pipeline.Simulation.Defects;

/// <summary>A row as it should be.</summary>
internal sealed record GoodRow(IReadOnlyList<string> Columns, IReadOnlyList<string> Fields)
{
    public string this[string column] => Fields[IndexOf(column)];

    public int IndexOf(string column)
    {
        for (var i = 0; i < Columns.Count; i++)
        {
            if (Columns[i] == column)
                return i;
        }
        throw new ArgumentException($"There is no column '{column}' among {string.Join(", ", Columns)}.", nameof(column));
    }

    public GoodRow With(string column, string value)
    {
        var fields = Fields.ToArray();
        fields[IndexOf(column)] = value;
        return this with { Fields = fields };
    }
}
