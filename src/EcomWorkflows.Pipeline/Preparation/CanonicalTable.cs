namespace EcomWorkflows.Pipeline.Preparation;

/// <summary>A silver table as all later stages rely on it, whatever the source.</summary>
/// <param name="Key">Column that must not repeat; null where rows have no key.</param>
/// <param name="Order">Columns the file is sorted by first, so that the same rows give the same bytes.</param>
internal sealed record CanonicalTable(string Name, IReadOnlyList<CanonicalColumn> Columns, string? Key, IReadOnlyList<string> Order)
{
    public static IReadOnlyList<string> EventTypes { get; } = ["view", "seller_view", "cart", "purchase", "return"];

    /// <summary>Events: <c>event_time</c> is UTC, <c>amount</c> is quantity times unit price less discounts, negative for returns. <c>is_activity</c> is added by preparation.</summary>
    public static CanonicalTable Events { get; } = new(
        "events",
        [
            new("customer_id", "VARCHAR"),
            new("event_time", "TIMESTAMP"),
            new("event_type", "VARCHAR"),
            new("product_id", "VARCHAR", MayBeMissing: true, MayBeNull: true),
            new("seller_id", "VARCHAR", MayBeMissing: true, MayBeNull: true),
            new("order_id", "VARCHAR", MayBeMissing: true, MayBeNull: true),
            new("quantity", "DOUBLE", MayBeMissing: true, MayBeNull: true),
            new("unit_price", "DOUBLE", MayBeMissing: true, MayBeNull: true),
            new("amount", "DOUBLE", MayBeMissing: true, MayBeNull: true),
            new("file", "VARCHAR"),
            new("line", "BIGINT"),
        ],
        Key: null,
        Order: ["line", "file", "event_type", "event_time", "product_id", "order_id"]);

    public static CanonicalTable Customers { get; } = new(
        "customers",
        [
            new("customer_id", "VARCHAR"),
            new("country", "VARCHAR", MayBeMissing: true, MayBeNull: true),
            new("home_country", "BOOLEAN", MayBeMissing: true, MayBeNull: true),
            new("signup_time", "TIMESTAMP", MayBeMissing: true, MayBeNull: true),
        ],
        Key: "customer_id",
        Order: ["customer_id"]);

    public static CanonicalTable Products { get; } = new(
        "products",
        [
            new("product_id", "VARCHAR"),
            new("category", "VARCHAR", MayBeMissing: true, MayBeNull: true),
            new("price", "DOUBLE", MayBeMissing: true, MayBeNull: true),
        ],
        Key: "product_id",
        Order: ["product_id"]);

    /// <summary>All silver tables; a later one may read the earlier ones.</summary>
    public static IReadOnlyList<CanonicalTable> All { get; } = [Events, Customers, Products];
}
