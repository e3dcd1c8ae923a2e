namespace EcomWorkflows.Pipeline.Simulation.Defects;

/// <summary>What is wrong with some rows of the orders. All but the duplicate ids are orders of their own; those that can be parsed have their lines.</summary>
internal static class OrderDefects
{
    public static IReadOnlyList<DefectKind> Kinds { get; } =
    [
        DefectKind.Missing("missing customer id", "missing_customer", 900, "customer_id"),
        DefectKind.InColumn("blank customer id", "blank_customer", 3_000, "customer_id", (_, random) => new string(' ', 1 + random.Below(3))),
        DefectKind.InColumn("unknown customer", "unknown_customer", 1_000, "customer_id", (_, random) => $"C8{random.Below(1_000_000):D6}"),
        DefectKind.InColumn("unparsable timestamp", "parse_type", 2_000, "ordered_at", BadValues.Timestamp),
        DefectKind.InColumn("timestamp in the future", "timestamp_in_future", 2_500, "ordered_at", BadValues.FutureTimestamp),
        DefectKind.InColumn("timestamp before the shop", "timestamp_before_shop", 2_500, "ordered_at", BadValues.AncientTimestamp),
        DefectKind.InColumn("order before signup", OrderBeforeSignup, 2_500, "ordered_at", (good, _) => good),
        DefectKind.InColumn("unknown status", "unknown_status", 2_000, "status", (_, random) => random.Chance(0.5) ? "shippd" : "DONE"),
        DefectKind.InColumn("unknown payment method", "unknown_payment_method", 3_000, "payment_method", (_, _) => "barter"),
        DefectKind.InColumn("invalid country code", "invalid_country", 2_000, "shipping_country", (_, random) => BadValues.Country(random)),
        DefectKind.InColumn("non-numeric total", "parse_type", 2_500, "total_amount", BadValues.Price),
        DefectKind.InColumn("total differs from its lines", "total_mismatch", 800, "total_amount", BadValues.OtherAmount),
        DefectKind.InColumn("order without lines", OrderWithoutLines, 2_500, "order_id", (good, _) => good),
        DefectKind.DuplicateKey("duplicate order id", "duplicate_order", 1_000, "status", (good, _) => good == "shipped" ? "placed" : "shipped"),
        DefectKind.ExactDuplicate(1_500, "duplicate_order"),
        .. DefectKind.BrokenLines(4_000, "status"),
    ];

    public const string OrderBeforeSignup = "order_before_signup";
    public const string OrderWithoutLines = "order_without_items";
}
