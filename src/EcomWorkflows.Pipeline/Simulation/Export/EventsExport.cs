using EcomWorkflows.Pipeline.Simulation.Defects;

namespace EcomWorkflows.Pipeline.Simulation.Export;

/// <summary>The activity log, a file per calendar month.</summary>
internal sealed class EventsExport(string folder, DefectLog defects, ExportCounts counts) : IDisposable
{
    private static readonly string[] Columns = ["user_id", "event_timestamp", "event_type", "product_id", "seller_id"];
    private CsvFile? file;

    public static string FileName(DateOnly day) => $"events-{day:yyyy-MM}.csv";

    public void Write(ShopHistory history)
    {
        if (file?.Name != FileName(history.Date))
        {
            Complete();
            file = new CsvFile(folder, FileName(history.Date), Columns);
        }
        foreach (var row in history.Events)
        {
            Write(file, history.Date, row);
            foreach (var (kind, random) in defects.Next())
                Plant(file, kind, random, history.Date, row);
        }
    }

    public void Complete()
    {
        if (file is null)
            return;
        file.Complete();
        counts.Add("events", file);
    }

    public void Dispose() => file?.Dispose();

    private static void Write(CsvFile file, DateOnly date, in ShopEvent row) =>
        file.Begin()
            .Id('C', row.Customer + 1, Ids.CustomerDigits)
            .Timestamp(date, row.Second)
            .Text(row.Type switch
            {
                ShopEventType.ProductPage => "product_page"u8,
                ShopEventType.SellerPage => "seller_page"u8,
                _ => "buy_order"u8,
            })
            .Id('P', row.Product + 1, Ids.ProductDigits)
            .Id('S', row.Seller + 1, Ids.SellerDigits)
            .End();

    private void Plant(CsvFile file, DefectKind kind, SplitMix64 random, DateOnly date, in ShopEvent row)
    {
        // The good row again, not the last one: that may be another defect.
        Write(file, date, row);
        var good = new GoodRow(Columns, file.TakeBack());
        var faulty = kind.Corrupt(good, random);
        file.WriteRow(faulty.Fields);
        defects.Add(kind, faulty, file.Name, file.Line);
    }
}
