using System.Globalization;
using System.Text.Json;
using EcomWorkflows.Pipeline.Simulation.Defects;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Simulation;

/// <summary>Reads the exports again, without anything of the program, and looks at each line the manifest names.</summary>
public sealed class ManifestTests(SmallShop shop) : IClassFixture<SmallShop>
{
    private const string UpTo = "2024-06-01 00:00:00";

    private IEnumerable<PlantedDefect> Defects(string entity, string kind) =>
        shop.Manifest.Defects.Where(defect => defect.Entity == entity && defect.Kind == kind);

    [Fact]
    public void The_small_shop_is_as_big_as_the_demo_needs()
    {
        shop.Manifest.Customers.ShouldBeInRange(20_000, 30_000);
        shop.Manifest.Events.ShouldBeInRange(300_000, 900_000);
        shop.Manifest.Files.Select(file => file.Entity).Distinct().ShouldBe(["events", "products", "customers", "orders", "order_items"], ignoreOrder: true);
    }

    [Fact]
    public void The_manifest_counts_the_rows_of_each_file()
    {
        foreach (var file in shop.Manifest.Files.Where(file => file.Name.EndsWith(".csv", StringComparison.Ordinal)))
            shop.Lines(file.Name).LongLength.ShouldBe(file.Rows + 1, file.Name);
        Customers().Count.ShouldBe((int)shop.Manifest.Files.Single(file => file.Entity == "customers").Rows);
        var events = shop.Manifest.Files.Where(file => file.Entity == "events").Sum(file => file.Rows);
        events.ShouldBe(shop.Manifest.Events + shop.Manifest.Defects.Count(defect => defect.Entity == "events"));
    }

    [Fact]
    public void Every_kind_of_defect_is_planted_at_its_known_share()
    {
        (string Entity, IReadOnlyList<DefectKind> Kinds, long Rows)[] entities =
        [
            ("events", EventDefects.Kinds, shop.Manifest.Events),
            ("products", ProductDefects.Kinds, shop.Manifest.Products),
            ("customers", CustomerDefects.Kinds, shop.Manifest.Customers),
            ("orders", OrderDefects.Kinds, shop.Manifest.Orders),
        ];
        foreach (var (entity, kinds, rows) in entities)
        {
            foreach (var kind in kinds)
                ((long)Defects(entity, kind.Name).Count()).ShouldBeInRange(rows / kind.OneIn, (rows / kind.OneIn) + 1, $"{entity}: {kind.Name}");
        }
        OrderItemDefects.Kinds.ShouldAllBe(kind => Defects("order_items", kind.Name).Any());
        shop.Manifest.Totals.Sum(total => total.Count).ShouldBe(shop.Manifest.Defects.Count);
    }

    [Fact]
    public void No_row_has_two_defects() =>
        shop.Manifest.Defects.Select(defect => (defect.File, defect.Line)).ShouldBeUnique();

    [Theory]
    [InlineData("events", "missing user id", 0, "")]
    [InlineData("events", "missing product id", 3, "")]
    [InlineData("products", "missing product id", 0, "")]
    [InlineData("products", "missing category", 1, "")]
    [InlineData("products", "zero price", 4, "0.00")]
    [InlineData("orders", "missing customer id", 1, "")]
    [InlineData("orders", "unknown payment method", 4, "barter")]
    [InlineData("order_items", "missing order id", 0, "")]
    [InlineData("order_items", "quantity of zero", 3, "0")]
    public void The_line_named_holds_the_value_named(string entity, string kind, int field, string value)
    {
        var defects = Defects(entity, kind).ToList();
        defects.ShouldNotBeEmpty();
        foreach (var defect in defects)
        {
            Fields(defect)[field].ShouldBe(value);
            defect.Value.ShouldBe(value);
        }
    }

    [Fact]
    public void Times_of_events_are_out_of_the_history_where_the_manifest_says_so_and_nowhere_else()
    {
        var odd = new[] { "timestamp in the future", "timestamp before the shop", "stale record", "unparsable timestamp" };
        var named = shop.Manifest.Defects.Where(defect => defect.Entity == "events").GroupBy(defect => defect.File)
            .ToDictionary(group => group.Key, group => group.Where(defect => odd.Contains(defect.Kind) || defect.Kind == "too few fields").Select(defect => defect.Line).ToHashSet());
        foreach (var file in shop.Manifest.Files.Where(file => file.Entity == "events"))
        {
            var month = file.Name[7..14];
            var lines = shop.Lines(file.Name);
            for (var index = 1; index < lines.Length; index++)
            {
                if (!named[file.Name].Contains(index + 1))
                    lines[index].Split(',')[1].ShouldStartWith(month);
            }
        }
        foreach (var defect in Defects("events", "timestamp in the future"))
            string.CompareOrdinal(Fields(defect)[1], UpTo).ShouldBePositive();
        foreach (var defect in Defects("events", "timestamp before the shop"))
            string.CompareOrdinal(Fields(defect)[1], "2015").ShouldBeNegative();
        foreach (var defect in Defects("events", "unparsable timestamp"))
            DateTime.TryParseExact(Fields(defect)[1], BadValues.TimestampFormat, CultureInfo.InvariantCulture, DateTimeStyles.None, out _).ShouldBeFalse();
    }

    [Fact]
    public void An_exact_duplicate_has_its_first_copy_before_it()
    {
        foreach (var file in Defects("events", "exact duplicate").GroupBy(defect => defect.File))
        {
            var lines = shop.Lines(file.Key);
            foreach (var defect in file)
                lines.AsSpan(0, (int)defect.Line - 1).LastIndexOf(lines[defect.Line - 1]).ShouldBeGreaterThan(0);
        }
    }

    [Fact]
    public void Broken_lines_are_broken_within_themselves()
    {
        foreach (var defect in Defects("events", "too few fields"))
            Fields(defect).Length.ShouldBe(3);
        foreach (var defect in Defects("events", "too many fields"))
            Fields(defect).Length.ShouldBe(7);
        foreach (var defect in Defects("events", "invalid UTF-8"))
            Line(defect).ShouldContain("\u00C3(");
        var quoted = shop.Manifest.Files.Where(file => file.Name.EndsWith(".csv", StringComparison.Ordinal))
            .SelectMany(file => shop.Lines(file.Name).Index().Where(line => line.Item.Contains('"')).Select(line => (file.Name, Line: line.Index + 1L)));
        quoted.ShouldBe(shop.Manifest.Defects.Where(defect => defect.Kind == "unbalanced quote").Select(defect => (defect.File, defect.Line)), ignoreOrder: true);
    }

    [Fact]
    public void Keys_are_repeated_only_where_the_manifest_says_so()
    {
        Repeated("products.csv", fields => fields[0]).ShouldBe(Lines("products", "duplicate_product"));
        Repeated("orders.csv", fields => fields[0]).ShouldBe(Lines("orders", "duplicate_order"));
        Repeated("order_items.csv", fields => fields[0] + "/" + fields[1]).ShouldBe(Lines("order_items", "duplicate_order_item"));
        Customers().Index().GroupBy(record => record.Item["customer_id"].GetString()).Where(group => !string.IsNullOrWhiteSpace(group.Key))
            .SelectMany(group => group.Skip(1)).Select(record => record.Index + 1L).Order().ShouldBe(Lines("customers", "duplicate_customer"));
    }

    [Fact]
    public void Orders_come_to_what_their_lines_come_to_except_where_the_manifest_says_so()
    {
        var amounts = new Dictionary<string, Dictionary<string, decimal>>();
        foreach (var fields in shop.Lines("order_items.csv").Skip(1).Select(line => line.Split(',')).Where(fields => fields.Length == 6))
        {
            if (!decimal.TryParse(fields[4], out var price) || !int.TryParse(fields[3], out var quantity) || price <= 0 || quantity <= 0)
                continue;
            if (!amounts.TryGetValue(fields[0], out var lines))
                amounts[fields[0]] = lines = [];
            lines.TryAdd(fields[1], (quantity * price) - decimal.Parse(fields[5]));
        }
        var refused = shop.Manifest.Defects.Where(defect => defect.Entity == "orders" && defect.Rule.StartsWith("parse_", StringComparison.Ordinal)).Select(defect => defect.Line).ToHashSet();
        var (mismatches, without) = (new List<long>(), new List<long>());
        foreach (var (index, line) in shop.Lines("orders.csv").Index().Skip(1).Where(line => !refused.Contains(line.Index + 1)))
        {
            var fields = line.Split(',');
            if (!amounts.TryGetValue(fields[0], out var lines))
                without.Add(index + 1);
            else if (lines.Values.Sum() != decimal.Parse(fields[6]))
                mismatches.Add(index + 1);
        }
        mismatches.ShouldBe(Lines("orders", "total_mismatch"));
        without.ShouldBe(Lines("orders", "order_without_items"));
    }

    private List<long> Lines(string entity, string rule) =>
        [.. shop.Manifest.Defects.Where(defect => defect.Entity == entity && (defect.Rule == rule || defect.AlsoBreaks == rule)).Select(defect => defect.Line).Order()];

    private List<long> Repeated(string file, Func<string[], string> key)
    {
        var refused = shop.Manifest.Defects.Where(defect => defect.File == file && defect.Rule.StartsWith("parse_", StringComparison.Ordinal)).Select(defect => defect.Line).ToHashSet();
        return [.. shop.Lines(file).Index().Skip(1).Where(line => !refused.Contains(line.Index + 1))
            .Select(line => (line.Index, Key: key(line.Item.Split(',')))).Where(row => !string.IsNullOrWhiteSpace(row.Key.Split('/')[0]))
            .GroupBy(row => row.Key).SelectMany(group => group.Skip(1)).Select(row => row.Index + 1L).Order()];
    }

    private List<Dictionary<string, JsonElement>> Customers() =>
        JsonSerializer.Deserialize<List<Dictionary<string, JsonElement>>>(File.ReadAllBytes(Path.Combine(shop.Folder, "customers.json")))!;

    private readonly Dictionary<string, string[]> files = [];

    private string Line(PlantedDefect defect)
    {
        if (!files.TryGetValue(defect.File, out var lines))
            files[defect.File] = lines = shop.Lines(defect.File);
        return lines[defect.Line - 1];
    }

    private string[] Fields(PlantedDefect defect) => Line(defect).Split(',');
}
