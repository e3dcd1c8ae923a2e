using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Features.Activity;

/// <summary>Events as they were read, column by column.</summary>
/// <param name="expected">About how many there will be: room for so many is made at once.</param>
internal sealed class EventRows(int expected)
{
    // What is called for each chunk is compiled for the machine it runs on after some chunks; a loop over all of them would stay as it was when it was entered.
    private readonly TextCodes longProducts = new();
    private int[] customers = new int[expected];
    private long[] times = new long[expected];
    private ulong[] traits = new ulong[expected];

    public int Count { get; private set; }

    /// <summary>The customers' ids by their codes.</summary>
    public TextCodes Ids { get; } = new();

    /// <summary>Code of the customer of each event.</summary>
    public ReadOnlySpan<int> Customers => customers.AsSpan(0, Count);

    /// <summary>Microseconds since 1970.</summary>
    public ReadOnlySpan<long> Times => times.AsSpan(0, Count);

    /// <summary>The product's key, 0 without a product, and below it in eight bits the traits the event has by itself.</summary>
    public ReadOnlySpan<ulong> Traits => traits.AsSpan(0, Count);

    /// <summary>Takes over the reader's current chunk: customer, product, time, traits.</summary>
    public void Add(DuckDbReader rows)
    {
        Reserve(rows.ChunkRows);
        var ids = rows.Texts(0);
        var products = rows.Texts(1);
        var kinds = rows.Column<long>(3);
        var codes = Ids;
        rows.Column<long>(2)[..rows.ChunkRows].CopyTo(times.AsSpan(Count));
        var of = customers.AsSpan(Count, rows.ChunkRows);
        var rest = traits.AsSpan(Count, rows.ChunkRows);
        for (var row = 0; row < of.Length; row++)
        {
            of[row] = codes.CodeOf(ids[row]);
            rest[row] = ((products.IsNull(row) ? 0 : KeyOf(products[row])) << 8) | (ulong)kinds[row];
        }
        Count += rows.ChunkRows;
    }

    /// <summary>A number of 56 bits that tells a product from others, never 0: a short id itself, which has no zero at its ends; else the number it gets, which begins with one.</summary>
    private ulong KeyOf(ReadOnlySpan<byte> product)
    {
        if (product.Length is 0 or > 7 || product[0] == 0 || product[^1] == 0)
            return (ulong)longProducts.CodeOf(product) + 1;
        var key = 0UL;
        foreach (var one in product)
            key = (key << 8) | one;
        return key << (8 * (7 - product.Length));
    }

    private void Reserve(int rows)
    {
        if (Count + rows <= times.Length)
            return;
        var capacity = Math.Max(times.Length + (times.Length / 2), Count + rows);
        Array.Resize(ref customers, capacity);
        Array.Resize(ref times, capacity);
        Array.Resize(ref traits, capacity);
    }
}
