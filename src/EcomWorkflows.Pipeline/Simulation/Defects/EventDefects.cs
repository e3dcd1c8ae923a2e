namespace EcomWorkflows.Pipeline.Simulation.Defects;

/// <summary>What is wrong with some rows of the activity log.</summary>
internal static class EventDefects
{
    private static readonly string[] Unknown = ["page_view", "PRODUCT_PAGE", "buyorder", "checkout?", "null"];

    public static IReadOnlyList<DefectKind> Kinds { get; } =
    [
        DefectKind.Missing("missing user id", "missing_user", 400, "user_id"),
        DefectKind.InColumn("blank user id", "blank_user", 4_000, "user_id", (_, random) => new string(' ', 1 + random.Below(3))),
        DefectKind.Missing("missing product id", "missing_product", 4_000, "product_id"),
        DefectKind.InColumn("unparsable timestamp", "parse_type", 2_000, "event_timestamp", BadValues.Timestamp),
        DefectKind.InColumn("timestamp in the future", "timestamp_in_future", 3_000, "event_timestamp", BadValues.FutureTimestamp),
        DefectKind.InColumn("timestamp before the shop", "timestamp_before_shop", 3_000, "event_timestamp", BadValues.AncientTimestamp),
        DefectKind.InColumn("stale record", "stale_record", 2_500, "event_timestamp", BadValues.StaleTimestamp),
        DefectKind.InColumn("unknown event type", "unknown_event_type", 1_500, "event_type", (_, random) => Unknown[random.Below(Unknown.Length)]),
        DefectKind.InColumn("unknown product", "unknown_product", 1_200, "product_id", (_, random) => $"P9{random.Below(1_000_000):D6}"),
        DefectKind.ExactDuplicate(300),
        .. DefectKind.BrokenLines(6_000, "event_type"),
    ];
}
