using System.Text.Json.Nodes;
using System.Text.RegularExpressions;
using EcomWorkflows.DuckDB;

namespace EcomWorkflows.Pipeline.Ingestion.Inference;

/// <summary>
/// Proposes how a file of events becomes the silver tables, from the names, types and values of its columns. A column that is needed and was not recognised stands in the SQL as a
/// question, so that running it says which.
/// </summary>
internal sealed partial class SilverProposal
{
    private const string Customer = "WHICH COLUMN NAMES THE CUSTOMER?";
    private const string Time = "WHICH COLUMN HAS THE TIME?";

    private static readonly string[] Numbers = ["bigint", "integer", "smallint", "double"];

    /// <summary>What shops call the canonical event types; letters only.</summary>
    private static readonly Dictionary<string, string[]> NamesOfTypes = new(StringComparer.Ordinal)
    {
        ["view"] = ["view", "views", "pageview", "productview", "viewitem", "viewproduct", "detail", "click"],
        ["cart"] = ["cart", "addtocart", "cartadd", "basket", "addtobasket"],
        ["purchase"] = ["purchase", "transaction", "order", "buy", "sale", "checkout", "payment"],
        ["return"] = ["return", "refund", "cancellation"],
    };

    private readonly IReadOnlyList<InferredColumn> columns;
    private readonly InferredColumn? type;
    private readonly InferredColumn? quantity;
    private readonly InferredColumn? price;
    private readonly InferredColumn? amount;

    public SilverProposal(IReadOnlyList<InferredColumn> columns)
    {
        this.columns = columns;
        type = columns.FirstOrDefault(column => TypeName().IsMatch(PlainName(column)) && column.Values.Any(value => CanonicalType(value) is not null));
        quantity = Number(QuantityName());
        price = Number(PriceName());
        amount = Number(AmountName());
    }

    /// <summary>The member <c>silver</c> of the mapping.</summary>
    public JsonObject Silver() => new()
    {
        ["events"] = new JsonObject
        {
            ["rowsFrom"] = new JsonArray("events"),
            ["repeated"] = new JsonObject { ["events"] = Lines(columns.Select(column => column.Column.Name)) },
            ["sql"] = Lines(["select", .. Events().Select(value => $"  {value.Sql} as {value.Name},"), "  case when e._repeated then 'exact_duplicate' end as _drop", "from {bronze.events} e"]),
        },
        ["customers"] = new JsonObject { ["sql"] = Lines(["select customer_id, min(event_time) as signup_time", "from {silver.events}", "group by customer_id"]) },
        ["products"] = new JsonObject
        {
            ["sql"] = Lines(
            [
                price is null ? "select distinct product_id" : "select product_id, arg_max(unit_price, (event_time, line)) as price", "from {silver.events}", "where product_id is not null",
                .. price is null ? [] : new[] { "group by product_id" },
            ]),
        },
    };

    /// <summary>The member <c>activity</c>: where events have types, any of them; otherwise those that <see cref="Silver"/> makes of sales.</summary>
    public JsonObject Activity() => new() { ["eventTypes"] = type is null ? new JsonArray("purchase") : [] };

    private IEnumerable<(string Sql, string Name)> Events()
    {
        yield return (Identifier(Named(CustomerName()), Customer), "customer_id");
        yield return (Moment(), "event_time");
        yield return (Type(), "event_type");
        if (Named(ProductName()) is { } product)
            yield return (Identifier(product, ""), "product_id");
        if (Named(OrderName()) is { } order)
            yield return (Identifier(order, ""), "order_id");
        if (quantity is not null)
            yield return (AsDouble(quantity), "quantity");
        if (price is not null)
            yield return (AsDouble(price), "unit_price");
        if (amount is not null)
            yield return (AsDouble(amount), "amount");
        else if (quantity is not null && price is not null)
            yield return ($"{AsDouble(quantity)} * {AsDouble(price)}", "amount");
        yield return ("e._file", "file");
        yield return ("e._line", "line");
    }

    private string Type()
    {
        if (type is null)
            return quantity is null ? "'purchase'" : $"case when {Reference(quantity)} < 0 then 'return' else 'purchase' end";
        var known = type.Values.Where(value => CanonicalType(value) is not null);
        return $"case {Reference(type)} {string.Concat(known.Select(value => $"when {DuckDbSql.Literal(value)} then '{CanonicalType(value)}' "))}else {Reference(type)} end";
    }

    /// <summary>A name without its case and separators, so that <c>CustomerID</c>, <c>customer_id</c> and <c>customer id</c> are the same.</summary>
    private static string PlainName(InferredColumn column) => string.Concat(column.Column.Name.Where(char.IsLetterOrDigit)).ToLowerInvariant();

    private static string? CanonicalType(string value)
    {
        var plain = string.Concat(value.Where(char.IsLetter)).ToLowerInvariant();
        return NamesOfTypes.FirstOrDefault(names => names.Value.Contains(plain)).Key;
    }

    private InferredColumn? Named(Regex name) =>
        columns.Where(column => column.Column.Type is "varchar" or "bigint" or "integer" or "smallint" or "double" && name.IsMatch(PlainName(column)))
            // A name of a person or product is no key where there is a number or code.
            .OrderByDescending(column => name.Match(PlainName(column)).Groups["key"].Success)
            .FirstOrDefault();

    private InferredColumn? Number(Regex name) =>
        columns.FirstOrDefault(column => (Numbers.Contains(column.Column.Type) || column.Column.Type.StartsWith("decimal", StringComparison.Ordinal)) && name.IsMatch(PlainName(column)));

    private string Moment()
    {
        var moments = columns
            .Where(column => column.Column.Type is "timestamp" or "date" || column.Epoch is EpochUnit.Milliseconds || (column.Epoch is not null && EventTimeName().IsMatch(PlainName(column))))
            .Where(column => !OtherTimeName().IsMatch(PlainName(column)))
            .OrderByDescending(column => EventTimeName().IsMatch(PlainName(column)))
            .ThenByDescending(column => column.Column.Type == "timestamp")
            .ToList();
        return moments switch
        {
            [] => Reference(Time),
            [{ Epoch: EpochUnit.Seconds } seconds, ..] => $"make_timestamp({Reference(seconds)} * 1000000)",
            [{ Epoch: EpochUnit.Milliseconds } milliseconds, ..] => $"make_timestamp({Reference(milliseconds)} * 1000)",
            [{ Column.Type: "date" } date, ..] => $"cast({Reference(date)} as timestamp)",
            [var timestamp, ..] => Reference(timestamp),
        };
    }

    /// <summary>A key as text; one that was read as a number with a fraction, as exports write where some are missing, without it.</summary>
    private static string Identifier(InferredColumn? column, string question) => column?.Column.Type switch
    {
        null => Reference(question),
        "varchar" => Reference(column),
        "double" => $"cast(cast({Reference(column)} as bigint) as varchar)",
        _ => $"cast({Reference(column)} as varchar)",
    };

    private static string AsDouble(InferredColumn column) => column.Column.Type == "double" ? Reference(column) : $"cast({Reference(column)} as double)";

    private static string Reference(InferredColumn column) => Reference(column.Column.Name);

    /// <summary>Without quotes where it can do without: the SQL is read in JSON, which would escape them. Behind a dot even a reserved word is a name.</summary>
    private static string Reference(string column) => $"e.{(SimpleName().IsMatch(column) ? column : DuckDbSql.Identifier(column))}";

    private static JsonArray Lines(IEnumerable<string> lines) => [.. lines.Select(line => JsonValue.Create(line))];

    [GeneratedRegex("^[A-Za-z_][A-Za-z0-9_]*$")]
    private static partial Regex SimpleName();

    [GeneratedRegex("^(customer|client|user|visitor|member|buyer|shopper|kunden?)(?<key>id|no|nr|num|number|nummer|key|code)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex CustomerName();

    [GeneratedRegex("^(product|item|sku|article|artikel|stock|asin)(?<key>id|no|nr|num|number|nummer|key|code|sku)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex ProductName();

    [GeneratedRegex("^(order|invoice|transaction|basket|receipt|sale|bestellung|bestell|rechnungs?|auftrags?|beleg)(?<key>id|no|nr|num|number|nummer|key|code)?$", RegexOptions.ExplicitCapture)]
    private static partial Regex OrderName();

    [GeneratedRegex("^((event|action|activity|interaction)(type|name)?|type|behaviou?r(type)?)$", RegexOptions.ExplicitCapture)]
    private static partial Regex TypeName();

    [GeneratedRegex("^(quantity|qty|units|pieces|menge|anzahl)$")]
    private static partial Regex QuantityName();

    [GeneratedRegex("^((unit|item|product|sale|net|gross)?price|(einzel|stück|stueck)?preis)$", RegexOptions.ExplicitCapture)]
    private static partial Regex PriceName();

    [GeneratedRegex("^((total|line|net|gross)?(amount|total)|revenue|betrag|summe|umsatz)$", RegexOptions.ExplicitCapture)]
    private static partial Regex AmountName();

    [GeneratedRegex("^(event|order|invoice|purchase|transaction|sale|bestell|rechnungs?|kauf)?(time|timestamp|ts|date|datetime|day|at|on|datum|zeit|zeitpunkt)$", RegexOptions.ExplicitCapture)]
    private static partial Regex EventTimeName();

    /// <summary>Times that are not when something was bought or looked at.</summary>
    [GeneratedRegex("birth|signup|regist|expir|deliver|ship|due|updat|geburt|liefer")]
    private static partial Regex OtherTimeName();
}
