using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Statistics;

namespace EcomWorkflows.Pipeline.Features.Activity;

/// <summary>Events as they were read, column by column.</summary>
/// <param name="expected">About how many there will be: room for so many is made at once.</param>
internal sealed class EventRows(int expected) : IDisposable
{
    // What is called for each chunk is compiled for the machine it runs on after some chunks; a loop over all of them would stay as it was when it was entered.
    private readonly TextCodes longProducts = new();
    private UnmanagedArray<int> customers = new(expected);
    private UnmanagedArray<long> times = new(expected);
    private UnmanagedArray<ulong> traits = new(expected);

    public int Count { get; private set; }

    /// <summary>The customers' ids by their codes.</summary>
    public TextCodes Ids { get; } = new();

    /// <summary>Code of the customer of each event.</summary>
    public ReadOnlySpan<int> Customers => customers.Items[..Count];

    /// <summary>Microseconds since 1970.</summary>
    public ReadOnlySpan<long> Times => times.Items[..Count];

    /// <summary>The product's key, 0 without a product, and below it in eight bits the traits the event has by itself.</summary>
    public ReadOnlySpan<ulong> Traits => traits.Items[..Count];

    /// <summary>Takes over the reader's current chunk: customer, product, time, traits.</summary>
    public void Add(DuckDbReader rows)
    {
        Reserve(rows.ChunkRows);
        var products = rows.Texts(1);
        var kinds = rows.Column<long>(3);
        rows.Column<long>(2)[..rows.ChunkRows].CopyTo(times.Items[Count..]);
        Ids.CodesOf(rows.Texts(0), customers.Items.Slice(Count, rows.ChunkRows));
        var rest = traits.Items.Slice(Count, rows.ChunkRows);
        for (var row = 0; row < rest.Length; row++)
            rest[row] = ((products.IsNull(row) ? 0 : KeyOf(products[row])) << 8) | (ulong)kinds[row];
        Count += rows.ChunkRows;
    }

    public void Dispose()
    {
        Ids.Dispose();
        longProducts.Dispose();
        customers.Dispose();
        times.Dispose();
        traits.Dispose();
    }

    /// <summary>A number of 56 bits that tells a product from others, never 0: a short id itself, which has no zero at its ends; else the number it gets, which begins with one.</summary>
    private ulong KeyOf(ReadOnlySpan<byte> product)
    {
        if (product.Length is 0 or > 7 || product[0] == 0 || product[^1] == 0)
            return (ulong)longProducts.CodeOf(product) + 1;
        return TextCodes.BeginningOf(product) >> 8;
    }

    private void Reserve(int rows)
    {
        var room = times.Items.Length;
        if (Count + rows <= room)
            return;
        var capacity = Math.Max(room + (room / 2), Count + rows);
        Grow(ref customers, capacity);
        Grow(ref times, capacity);
        Grow(ref traits, capacity);
    }

    private static void Grow<T>(ref UnmanagedArray<T> array, int length)
        where T : unmanaged
    {
        using var before = array;
        array = new UnmanagedArray<T>(length);
        before.Items.CopyTo(array.Items);
    }
}
