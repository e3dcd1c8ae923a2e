using EcomWorkflows.Pipeline.Simulation.Defects;

namespace EcomWorkflows.Pipeline.Simulation.Export;

/// <summary>The product catalogue with the list prices of the last day.</summary>
internal static class ProductsExport
{
    private static readonly string[] Columns = ["product_id", "category_id_0", "category_id_1", "category_id_2", "price"];

    public static void Write(string folder, ShopCatalogue catalogue, int lastDay, DefectLog defects, ExportCounts counts, CancellationToken cancellationToken)
    {
        using var file = new CsvFile(folder, "products.csv", Columns);
        var additional = catalogue.Products;
        var (leaf, level0, level1, level2) = (-1, Array.Empty<byte>(), Array.Empty<byte>(), Array.Empty<byte>());
        for (var product = 0; product < catalogue.Products; product++)
        {
            if (catalogue.LeafOf(product) is var found && found != leaf)
            {
                cancellationToken.ThrowIfCancellationRequested();
                leaf = found;
                var names = ShopCatalogue.CategoriesOf(leaf);
                (level0, level1, level2) = (Ascii(names.Level0), Ascii(names.Level1), Ascii(names.Level2));
            }
            Write(product);
            foreach (var (kind, random) in defects.Next())
            {
                Write(product);
                var good = new GoodRow(Columns, file.TakeBack());
                if (!kind.RepeatsKey)
                    good = good.With("product_id", Ids.Product(additional++));
                var faulty = kind.Corrupt(good, random);
                file.WriteRow(faulty.Fields);
                defects.Add(kind, faulty, file.Name, file.Line);
            }
        }
        file.Complete();
        counts.Add("products", file);

        void Write(int product) =>
            file.Begin()
                .Id('P', product + 1, Ids.ProductDigits)
                .Text(level0)
                .Text(level1)
                .Text(level2)
                .Money(catalogue.ListPrice(product, lastDay))
                .End();
    }

    private static byte[] Ascii(string text) => System.Text.Encoding.ASCII.GetBytes(text);
}
