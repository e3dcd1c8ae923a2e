namespace EcomWorkflows.Elsa.Api.Instances;

/// <summary>A whole list with its length, Elsa's form for lists that are not paged.</summary>
internal sealed record CountedList<TItem>(IReadOnlyList<TItem> Items, int Count)
{
    public CountedList(IReadOnlyList<TItem> items)
        : this(items, items.Count)
    {
    }
}
