using EcomWorkflows.Orchestration;
using EcomWorkflows.Pipeline.Versioning;
using EcomWorkflows.Pipeline.Versioning.Comparison;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Versioning;

public sealed class DatasetComparisonTests(PostgresFixture postgres) : DatasetRepositoryBench(postgres)
{
    [Fact]
    public async Task Rows_are_added_removed_and_changed_by_key_and_columns_come_and_go()
    {
        await Bench.AddTablesAsync("mine/rows", ("rows.parquet", "select * from (values (1, 'a', 1.0::double, true), (2, 'b', 2, null), (3, 'c', 3, false)) v(id, name, value, old)"));
        await Bench.AddTablesAsync("mine/rows", ("rows.parquet", "select * from (values (2, 'B', 2.0::double, 7), (3, 'c', 3, 8), (4, null, 4, 9)) v(id, name, value, new)"));

        var difference = await CompareAsync("mine/rows");

        difference.Files.ShouldHaveSingleItem().Kind.ShouldBe("changed");
        var table = difference.Tables.ShouldHaveSingleItem();
        (table.Added, table.Removed, table.Changed, table.RowsBefore, table.RowsAfter).ShouldBe((1, 1, 1, 3, 3));
        table.Key.ShouldBe(["id"]);
        table.KeyNote.ShouldBe("the first column tells all rows apart");
        table.Schema.ShouldBe([new SchemaDifference("added", "new", null, "INTEGER"), new SchemaDifference("removed", "old", "BOOLEAN", null)]);
        table.ChangedColumns.ShouldBe(new Dictionary<string, long> { ["name"] = 1 });
        table.Examples.Select(e => (e.Kind, e.Key["id"])).ShouldBe([("changed", "2"), ("added", "4"), ("removed", "1")]);
        table.Examples[0].Values.ShouldBe([new ValueChange("name", "b", "B")]);
    }

    [Fact]
    public async Task Rows_without_a_key_are_counted_as_often_as_they_are_there()
    {
        await Bench.AddTablesAsync("mine/rows", ("rows.parquet", "select * from (values ('a', 'x'), ('a', 'x'), ('b', 'x'), ('c', null)) v(k, v)"));
        await Bench.AddTablesAsync("mine/rows", ("rows.parquet", "select * from (values ('a', 'x'), ('b', 'y'), ('b', 'y'), ('c', null)) v(k, v)"));

        var table = (await CompareAsync("mine/rows")).Tables.Single();

        table.Key.ShouldBeEmpty();
        table.KeyNote.ShouldContain("--key");
        (table.Added, table.Removed, table.Changed).ShouldBe((2, 2, 0));
    }

    [Fact]
    public async Task A_key_asked_for_must_be_there_and_tell_the_rows_apart()
    {
        await Bench.AddTablesAsync("mine/rows", ("rows.parquet", "select range as id, range % 2 as half, 'x' as v from range(4)"));
        await Bench.AddTablesAsync("mine/rows", ("rows.parquet", "select range as id, range % 2 as half, 'y' as v from range(4)"));

        (await Should.ThrowAsync<DatasetException>(() => CompareAsync("mine/rows", new ComparisonOptions { Key = ["nope"] }))).Message.ShouldContain("columns of both are id, half, v");
        (await Should.ThrowAsync<DatasetException>(() => CompareAsync("mine/rows", new ComparisonOptions { Key = ["half"] }))).Message.ShouldContain("does not tell the rows of rows apart");
        (await Should.ThrowAsync<NotFoundException>(() => CompareAsync("mine/rows", new ComparisonOptions { Table = "other" }))).Message.ShouldContain("they have rows");
        (await CompareAsync("mine/rows", new ComparisonOptions { Key = ["half", "id"] })).Tables.Single().Changed.ShouldBe(4);
    }

    [Fact]
    public async Task A_shifted_distribution_is_named_and_one_that_only_grew_is_not()
    {
        await Bench.AddTablesAsync("mine/rows", ("rows.parquet", "select range as id, (range % 100)::double as same, (range % 100)::double as shifted, if(range % 4 = 0, 'DE', 'FR') as country, 'n' || range as name from range(4000)"));
        await Bench.AddTablesAsync("mine/rows", ("rows.parquet", "select range as id, (range % 100)::double as same, (range % 100)::double + 40 as shifted, if(range % 2 = 0, 'DE', 'IT') as country, 'n' || range as name from range(5000)"));

        var shifts = (await CompareAsync("mine/rows")).Tables.Single().Shifts.ToDictionary(s => s.Column);

        shifts["same"].Shifted.ShouldBeFalse();
        shifts["shifted"].Shifted.ShouldBeTrue();
        shifts["country"].Shifted.ShouldBeTrue();
        // Every name is another one: that says nothing about a distribution.
        shifts["name"].PopulationStabilityIndex.ShouldBeNull();
        shifts["shifted"].After.Mean.ShouldBe(89.5);
    }

    [Fact]
    public async Task Files_both_versions_have_and_tables_that_are_the_same_cost_nothing_and_hide_nothing()
    {
        await Bench.AddTablesAsync(
            "mine/rows", ("events/day-1.parquet", "select range as id, 'x' as v from range(10)"), ("events/day-2.parquet", "select range + 10 as id, 'x' as v from range(10)"),
            ("products/p.parquet", "select 1 as id"));
        await Bench.AddTablesAsync(
            "mine/rows", ("events/day-1.parquet", "select range as id, 'x' as v from range(10)"), ("events/day-2.parquet", "select range + 10 as id, if(range = 3, 'y', 'x') as v from range(9)"),
            ("events/day-3.parquet", "select range + 20 as id, 'x' as v from range(2)"), ("products/p.parquet", "select 1 as id"));

        var difference = await CompareAsync("mine/rows");

        difference.Files.Select(f => (f.Kind, f.Path)).ShouldBe([("changed", "events/day-2.parquet"), ("added", "events/day-3.parquet")]);
        var events = difference.Tables.Single(t => t.Table == "events");
        (events.Added, events.Removed, events.Changed, events.RowsBefore, events.RowsAfter).ShouldBe((2, 1, 1, 20, 21));
        difference.Tables.Single(t => t.Table == "products").IsSame.ShouldBeTrue();
        (await CompareAsync("mine/rows", null, "mine/rows@v2", "mine/rows@v2")).IsSame.ShouldBeTrue();
    }

    [Fact]
    public async Task Text_files_are_compared_as_text_and_files_of_other_formats_only_as_files()
    {
        await Bench.AddAsync("mine/files", ("rows/a.csv", "id,v\n1,x\n2,y\n"), ("docs/readme.txt", "one"));
        await Bench.AddAsync("mine/files", ("rows/a.csv", "id,v\n1,x\n2,z\n3,w\n"), ("docs/readme.txt", "two"));

        var difference = await CompareAsync("mine/files");

        var rows = difference.Tables.Single(t => t.Table == "rows");
        (rows.Added, rows.Removed, rows.Changed).ShouldBe((1, 0, 1));
    }

    [Fact]
    public async Task A_column_of_another_type_is_compared_by_its_text()
    {
        await Bench.AddTablesAsync("mine/rows", ("rows.parquet", "select range::integer as id, range::integer as v from range(3)"));
        await Bench.AddTablesAsync("mine/rows", ("rows.parquet", "select range::integer as id, if(range = 1, 'one', range::varchar) as v from range(3)"));

        var table = (await CompareAsync("mine/rows")).Tables.Single();

        table.Schema.ShouldBe([new SchemaDifference("type", "v", "INTEGER", "VARCHAR")]);
        (table.Added, table.Removed, table.Changed).ShouldBe((0, 0, 1));
    }

    [Theory]
    [InlineData(1)]
    [InlineData(2)]
    [InlineData(3)]
    public async Task Random_tables_differ_as_a_comparison_in_memory_says(int seed)
    {
        var random = new Random(seed);
        var (before, after) = (RandomRows(random), RandomRows(random));
        await Bench.AddTablesAsync("mine/rows", ("rows.parquet", Select(before)));
        await Bench.AddTablesAsync("mine/rows", ("rows.parquet", Select(after)));

        var table = (await CompareAsync("mine/rows")).Tables.Single();

        table.Added.ShouldBe(after.Keys.Except(before.Keys).Count());
        table.Removed.ShouldBe(before.Keys.Except(after.Keys).Count());
        table.Changed.ShouldBe(before.Count(b => after.TryGetValue(b.Key, out var other) && other != b.Value));
        table.ChangedColumns.GetValueOrDefault("a").ShouldBe(before.Count(b => after.TryGetValue(b.Key, out var other) && other.A != b.Value.A));
        table.ChangedColumns.GetValueOrDefault("b").ShouldBe(before.Count(b => after.TryGetValue(b.Key, out var other) && other.B != b.Value.B));
    }

    private static Dictionary<int, (int? A, string? B)> RandomRows(Random random) =>
        Enumerable.Range(0, 300).Where(_ => random.Next(3) > 0)
            .ToDictionary(id => id, _ => (random.Next(4) is > 0 and var a ? a : (int?)null, random.Next(3) is > 0 and var b ? $"b{b}" : null));

    private static string Select(Dictionary<int, (int? A, string? B)> rows) =>
        $"select * from (values {string.Join(", ", rows.Select(r => $"({r.Key}, {(r.Value.A is { } a ? $"{a}" : "null")}, {(r.Value.B is { } b ? $"'{b}'" : "null")})"))}) v(id, a, b)";

    private async Task<DatasetDifference> CompareAsync(string dataset, ComparisonOptions? options = null, string? before = null, string? after = null) =>
        await Stage.Get<DatasetComparison>().RunAsync(
            await Bench.Versions.ResolveAsync(before ?? $"{dataset}@v1", CancellationToken.None), await Bench.Versions.ResolveAsync(after ?? $"{dataset}@v2", CancellationToken.None),
            options ?? new ComparisonOptions(), CancellationToken.None);
}
