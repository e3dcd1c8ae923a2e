using EcomWorkflows.Pipeline.Simulation.Defects;

namespace EcomWorkflows.Pipeline.Simulation.Export;

/// <summary>The lines of the orders.</summary>
internal sealed class OrderItemsExport(string folder, DefectLog defects, ExportCounts counts) : IDisposable
{
    private static readonly string[] Columns = ["order_id", "line_number", "product_id", "quantity", "unit_price", "discount"];
    private readonly CsvFile file = new(folder, "order_items.csv", Columns);

    /// <param name="mayHaveDefects">False for the lines of a faulty order, so that each defect stands alone.</param>
    public void Write(long order, in ShopOrder content, bool mayHaveDefects)
    {
        var additional = content.Lines.Count;
        for (var i = 0; i < content.Lines.Count; i++)
        {
            Write(order, i + 1, content.Lines[i]);
            if (!mayHaveDefects)
                continue;
            foreach (var (kind, random) in defects.Next())
                Plant(kind, random, order, kind.RepeatsKey ? i + 1 : ++additional, content.Lines[i]);
        }
    }

    public void Complete()
    {
        file.Complete();
        counts.Add("order_items", file);
    }

    public void Dispose() => file.Dispose();

    private void Write(long order, int number, in ShopOrderLine line) =>
        file.Begin()
            .Id('O', order, Ids.OrderDigits)
            .Number(number)
            .Id('P', line.Product + 1, Ids.ProductDigits)
            .Number(line.Quantity)
            .Money(line.UnitPrice)
            .Money(line.Discount)
            .End();

    private void Plant(DefectKind kind, SplitMix64 random, long order, int number, in ShopOrderLine line)
    {
        // An additional line that comes to nothing leaves the order's total right, whatever its price.
        Write(order, number, kind.RepeatsKey ? line : line with { Discount = line.UnitPrice * line.Quantity });
        var good = new GoodRow(Columns, file.TakeBack());
        var faulty = kind.Corrupt(good, random);
        if (kind.Rule == OrderItemDefects.PriceOutlier)
            faulty = faulty with { Fields = (good with { Fields = faulty.Fields }).With("discount", Gross(faulty.Value, line.Quantity)).Fields };
        file.WriteRow(faulty.Fields);
        defects.Add(kind, faulty, file.Name, file.Line);
    }

    private static string Gross(string unitPrice, int quantity) =>
        (decimal.Parse(unitPrice) * quantity).ToString("0.00");
}
