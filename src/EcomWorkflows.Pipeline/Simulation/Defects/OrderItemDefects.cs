namespace EcomWorkflows.Pipeline.Simulation.Defects;

/// <summary>What is wrong with some order lines. Each is an additional line that adds nothing to what its order comes to.</summary>
internal static class OrderItemDefects
{
    public static IReadOnlyList<DefectKind> Kinds { get; } =
    [
        DefectKind.Missing("missing order id", "missing_order", 2_000, "order_id"),
        DefectKind.InColumn("line of an unknown order", "unknown_order", 1_000, "order_id", (_, random) => $"O9{random.Below(10_000_000):D7}"),
        DefectKind.InColumn("unknown product", "unknown_product", 1_500, "product_id", (_, random) => $"P9{random.Below(1_000_000):D6}"),
        DefectKind.InColumn("quantity of zero", "quantity_not_positive", 1_500, "quantity", (_, _) => "0"),
        DefectKind.InColumn("negative quantity", "quantity_not_positive", 1_500, "quantity", (good, _) => "-" + good),
        DefectKind.InColumn("non-numeric quantity", "parse_type", 2_500, "quantity", (_, random) => random.Chance(0.5) ? "two" : "1 pcs"),
        DefectKind.InColumn("zero price", "price_not_positive", 2_000, "unit_price", (_, _) => "0.00"),
        DefectKind.InColumn("negative price", "price_not_positive", 2_000, "unit_price", (good, _) => "-" + good),
        DefectKind.InColumn("non-numeric price", "parse_type", 2_500, "unit_price", BadValues.Price),
        DefectKind.InColumn("price outlier", PriceOutlier, 2_500, "unit_price", (_, random) => $"{99_999 + random.Below(900_000)}.99"),
        DefectKind.DuplicateKey("duplicate line of an order", "duplicate_order_item", 1_200, "quantity", (good, random) => $"{int.Parse(good) + 1 + random.Below(4)}"),
        DefectKind.ExactDuplicate(1_500, "duplicate_order_item"),
        .. DefectKind.BrokenLines(5_000, "product_id"),
    ];

    public const string PriceOutlier = "price_outlier";
}
