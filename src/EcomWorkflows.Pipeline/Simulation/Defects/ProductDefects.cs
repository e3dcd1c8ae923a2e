namespace EcomWorkflows.Pipeline.Simulation.Defects;

/// <summary>What is wrong with some rows of the product catalogue. All but the duplicates are products of their own that no event names.</summary>
internal static class ProductDefects
{
    public static IReadOnlyList<DefectKind> Kinds { get; } =
    [
        DefectKind.Missing("missing product id", "missing_product", 2_000, "product_id"),
        DefectKind.InColumn("blank product id", "blank_product", 4_000, "product_id", (_, random) => new string(' ', 1 + random.Below(3))),
        DefectKind.Missing("missing category", "missing_category", 400, "category_id_0"),
        DefectKind.InColumn("negative price", "price_not_positive", 1_000, "price", (good, _) => "-" + good),
        DefectKind.InColumn("zero price", "price_not_positive", 1_000, "price", (_, _) => "0.00"),
        DefectKind.InColumn("non-numeric price", "parse_type", 1_000, "price", BadValues.Price),
        DefectKind.InColumn("price outlier", "price_outlier", 1_000, "price", (_, random) => $"{99_999 + random.Below(900_000)}.99"),
        DefectKind.DuplicateKey("duplicate product id", "duplicate_product", 500, "price", (good, random) => $"{1 + random.Below(400)}.{10 + random.Below(90)}"),
        DefectKind.ExactDuplicate(1_000, "duplicate_product"),
        .. DefectKind.BrokenLines(2_500, "category_id_2"),
    ];
}
