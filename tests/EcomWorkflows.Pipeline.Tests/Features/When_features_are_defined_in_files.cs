using Dapper;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Features;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Sources;
using EcomWorkflows.Testing;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Features;

public class When_features_are_defined_in_files(PostgresFixture postgres) : IClassFixture<PostgresFixture>
{
    private const string Shop =
        """
        {
          "views": [
            {
              "name": "visits", "description": "d", "entities": ["customer"], "source": { "table": "silver.tiny.events", "timestamp": "event_time" }, "ttl": "7d",
              "features": [ { "name": "lines", "type": "int64", "description": "d" }, { "name": "amount", "type": "double", "description": "d" } ]
            }
          ],
          "onDemandViews": [
            { "name": "offer", "description": "d", "inputs": ["visits:amount"], "request": [{ "name": "value", "description": "d" }],
              "features": [ { "name": "ratio", "expression": "value / amount", "description": "d" } ] }
          ],
          "services": [ { "name": "offers", "description": "d", "features": ["visits", "offer:ratio"] } ]
        }
        """;

    [Fact]
    public async Task A_plan_says_what_applying_changes_and_changes_nothing()
    {
        await using var bench = await WithFileAsync(Shop);
        var files = bench.Get<FeatureApplication>();

        (await files.PlanAsync(CancellationToken.None)).Select(c => $"{c.Action} {c.Kind} {c.Name} v{c.Version}")
            .ShouldBe(["new on-demand view offer v1", "new view visits v1", "new service offers v1"]);
        (await bench.Get<FeatureRegistry>().ListViewsAsync(CancellationToken.None)).ShouldBeEmpty();

        await files.ApplyAsync(CancellationToken.None);
        (await files.PlanAsync(CancellationToken.None)).ShouldAllBe(c => c.Action == "unchanged");
        (await bench.Get<FeatureRegistry>().FindServiceAsync("offers", CancellationToken.None))!.Features.Select(f => f.ToString())
            .ShouldBe(["visits@v1:lines", "visits@v1:amount", "offer@v1:ratio"]);
    }

    [Fact]
    public async Task Another_schema_is_a_new_version_of_the_view_and_of_all_that_is_frozen_on_it()
    {
        await using var bench = await WithFileAsync(Shop);
        var files = bench.Get<FeatureApplication>();
        await files.ApplyAsync(CancellationToken.None);

        await WriteAsync(bench, Shop.Replace("\"int64\"", "\"double\""));
        var changes = await files.ApplyAsync(CancellationToken.None);

        changes.Select(c => $"{c.Action} {c.Name} v{c.Version}").ShouldBe(["new version offer v2", "new version visits v2", "new version offers v2"]);
        changes.Single(c => c.Name == "visits").Details.ShouldBe(["~ feature lines: int64 → double"]);
        var registry = await bench.Get<FeatureRegistry>().ReadAsync(CancellationToken.None);
        registry.FindView("visits", 1)!.Features[0].Type.ShouldBe(FeatureType.Int64);
        registry.FindService("offers@v1")!.Features[0].ToString().ShouldBe("visits@v1:lines");

        await WriteAsync(bench, Shop);
        (await files.ApplyAsync(CancellationToken.None)).Select(c => $"{c.Action} {c.Name} v{c.Version}").ShouldBe(["back to version offer v1", "back to version visits v1", "back to version offers v1"]);
    }

    [Fact]
    public async Task Owner_tags_ttl_and_descriptions_change_without_a_new_version()
    {
        await using var bench = await WithFileAsync(Shop);
        var files = bench.Get<FeatureApplication>();
        await files.ApplyAsync(CancellationToken.None);

        await WriteAsync(bench, Shop.Replace("\"ttl\": \"7d\"", "\"ttl\": \"12h\", \"owner\": \"crm\", \"tags\": { \"team\": \"crm\" }"));
        var change = (await files.ApplyAsync(CancellationToken.None)).Single(c => c.Name == "visits");

        (change.Action, change.Version).ShouldBe(("changed", 1));
        change.Details.ShouldBe(["~ ttl: 7 d → 0.5 d", "~ owner: data-science → crm", "~ tags"]);
    }

    [Theory]
    [InlineData("\"type\": \"int64\"", "\"type\": \"integer\"", "workflows/features/tiny.json line 5: views[0].features[0].type: 'integer' is no type; allowed are double, int64, bool, string, timestamp")]
    [InlineData("\"ttl\": \"7d\"", "\"ttl\": \"7 days\"", "line 4: views[0].ttl: '7 days' is no length of time; write a whole number and d, h, m or s")]
    [InlineData("\"ttl\": \"7d\"", "\"tll\": \"7d\"", "line 4: views[0].tll: is not known here; allowed are")]
    [InlineData("[\"customer\"]", "[\"client\"]", "views[0].entities: there is no entity 'client'; defined are customer")]
    [InlineData("\"table\": \"silver.tiny.events\", ", "", "views[0].source: must have exactly one of table, sql, task, push")]
    [InlineData("\"silver.tiny.events\"", "\"events\"", "'events' is no lake table; write layer.source.name")]
    [InlineData("value / amount", "value / amounts", "'ratio' reads amounts, which is no input; inputs are amount, value")]
    [InlineData("value / amount", "value /", "the expression of 'ratio' cannot be read: expected a number, a name or ( at position 8, found the end")]
    [InlineData("visits:amount", "visits:nope", "view 'visits' has no feature 'nope'; it has lines, amount")]
    [InlineData("\"features\": [\"visits\",", "\"features\": [\"visit\",", "services[0].features: there is no view 'visit'; defined are visits, offer")]
    [InlineData("\"name\": \"lines\"", "\"name\": \"Lines\"", "'Lines' is no name; allowed are lower-case letters, digits and _, a letter first")]
    [InlineData("\"name\": \"lines\", ", "", "views[0].features[0].name: is missing; add \"name\": a text")]
    [InlineData("\"services\": [", "\"services\": [[], ", "services[0]: must be an object, not a list")]
    [InlineData("\"name\": \"offer\",", "\"name\": \"visits\",", "view 'visits' is defined twice")]
    [InlineData("\"views\": [", "\"views\": [,", "line 2:")]
    public async Task A_bad_file_is_refused_with_its_place_and_the_cure(string right, string wrong, string message)
    {
        await using var bench = await WithFileAsync(Shop.Replace(right, wrong));

        var refusal = await Should.ThrowAsync<FeatureFileException>(() => bench.Get<FeatureApplication>().ApplyAsync(CancellationToken.None));

        refusal.Message.ShouldContain(message);
        refusal.ShouldBeAssignableTo<TaskFailedException>()!.Retryable.ShouldBeFalse();
    }

    [Fact]
    public void The_files_of_the_repository_can_be_read()
    {
        var options = new PipelineOptions { Home = "/nowhere", DataVersionsFolder = "/nowhere", WorkflowsFolder = Path.Combine(RepositoryRoot.Path, "workflows") };

        var defined = new FeatureCatalog(options, new SourceCatalog(options)).Read();

        defined.Views.Select(v => v.Name).ShouldContain("shop_customer_activity");
        defined.Views.Single(v => v.Name == "shop_customer_activity").Features.ShouldBe(CustomerActivityFeatures.All);
    }

    [Fact]
    public async Task A_computed_view_that_is_history_only_has_no_online_rows()
    {
        string view = TinyShop.ViewDefinition();
        await using var bench = await WithFileAsync($$"""{ "views": [ {{view.Replace("\"entities\"", "\"online\": false, \"entities\"")}} ] }""");
        await TinyShop.PublishSilverAsync(bench, 1, [
            .. Enumerable.Range(1, 60).Select(day => (day % 3 == 0 ? "ann" : "bob", $"{new DateTime(2026, 1, 1).AddDays(day):yyyy-MM-dd} 10:00:00", "purchase", "p", (string?)$"o{day}", 1.0, 5.0)),
        ]);

        BuildFeaturesOutputs outputs = await TinyShop.BuildAsync(bench);

        outputs.OnlineRows.ShouldBe(0);
        outputs.Customers[$"{outputs.ScoreAsOf:yyyy-MM-dd}"].ShouldBe(2);
        await using var connection = await bench.Get<NpgsqlDataSource>().OpenConnectionAsync();
        (await connection.ExecuteScalarAsync<long>("select count(*) from pg_tables where schemaname = 'features' and tablename ~ '^online_[0-9]'")).ShouldBe(0);
        (await connection.ExecuteScalarAsync<long>("select count(*) from features.materialization where online")).ShouldBe(0);

        await WriteAsync(bench, $$"""{ "views": [ {{view}} ] }""");
        (await TinyShop.BuildAsync(bench, run: 2)).OnlineRows.ShouldBe(2);
    }

    private async Task<StageBench> WithFileAsync(string json)
    {
        var bench = await StageBench.CreateAsync(postgres, TinyShop.Mapping());
        await WriteAsync(bench, json);
        return bench;
    }

    internal static async Task WriteAsync(StageBench bench, string json)
    {
        Directory.CreateDirectory(Path.Combine(bench.Options.WorkflowsFolder, "features"));
        await File.WriteAllTextAsync(Path.Combine(bench.Options.WorkflowsFolder, "features", "tiny.json"), json);
    }
}
