using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Validation;
using EcomWorkflows.Pipeline.Validation.Replay;
using EcomWorkflows.Testing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Validation;

/// <summary>A file of five lines: one without user, one with a strange kind, one whose day is written otherwise.</summary>
public sealed class When_a_quarantine_is_replayed(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime, IDisposable
{
    private const string Kinds = """["view", "cart"]""";

    private const string Rows = "u1,view,2026-11-20\n,view,2026-11-20\nu2,wish,2026-11-20\nu3,cart,20.11.2026\nu4,view,2026-11-20\n";

    private const string Clean = "u1,view,2026-11-20\nu2,cart,2026-11-20\n";

    private readonly ValidationHome home = new(postgres);
    private string entity = "";

    public Task InitializeAsync() => home.MigrateAsync();

    [Fact]
    public async Task A_corrected_rule_lets_rows_in_once()
    {
        await QuarantineAsync("rules", run: 10);
        (await home.QuarantineAsync(entity)).ShouldBe(["e.csv:3 no_user", "e.csv:4 kind", "e.csv:5 parse_type"]);
        Suite("""["view", "cart", "wish"]""");

        var replayed = await ReplayAsync(home.Attempt(11, 111));
        var again = await ReplayAsync(home.Attempt(12, 121));

        (replayed.RowsBefore, replayed.RowsReleased, replayed.RowsHeld, replayed.RowsNewlyHeld, replayed.FilesReread).ShouldBe((3, 1, 2, 0, 0));
        (again.RowsBefore, again.RowsReleased).ShouldBe((2, 0));
        (await home.QuarantineAsync(entity)).ShouldBe(["e.csv:3 no_user", "e.csv:5 parse_type"]);
        File.ReadAllText(home.Path_(replayed.ReportPath + "/released.csv")).ShouldBe("file,line,reasons\ne.csv,4,kind\n");
        (await GoodLinesAsync()).ShouldBe([2, 4, 6]);
    }

    [Fact]
    public async Task A_corrected_mapping_reads_the_raw_file_anew_and_lets_refused_lines_in()
    {
        await QuarantineAsync("mapping", run: 20);
        Mapping(day: "varchar");

        var replayed = await ReplayAsync(home.Attempt(21, 211));

        (replayed.RowsBefore, replayed.RowsReleased, replayed.FilesReread).ShouldBe((3, 1, 1));
        (await home.QuarantineAsync(entity)).ShouldBe(["e.csv:3 no_user", "e.csv:4 kind"]);
        (await GoodLinesAsync()).ShouldBe([2, 5, 6]);
        (await ReplayAsync(home.Attempt(22, 221))).FilesReread.ShouldBe(0);
    }

    [Fact]
    public async Task A_dry_run_says_what_would_be_let_in_and_changes_nothing()
    {
        await QuarantineAsync("dry", run: 70);
        Suite("""["view", "cart", "wish"]""");

        var skipped = await home.SkippedAsync("Ecom.ReplayQuarantine", new ReplayInputs { Source = "shop", Entity = entity, DryRun = true }, home.Attempt(71, 711));

        skipped.ShouldBe("Dry run: 1 of 3 rows would be let in, 2 would stay, 0 would be newly held; 0 raw files read differently now. Nothing was changed.");
        (await home.QuarantineAsync(entity)).Count.ShouldBe(3);
        (await home.Results.ListAsync(new QualityFilter(RunId: 71), CancellationToken.None)).ShouldBeEmpty();
        Directory.Exists(home.Path_($"reports/quality/shop/run-71/{entity}")).ShouldBeFalse();
    }

    [Fact]
    public async Task A_stricter_rule_holds_rows_that_were_let_in()
    {
        await QuarantineAsync("stricter", run: 30);
        Suite("""["cart"]""");

        var replayed = await ReplayAsync(home.Attempt(31, 311));

        (replayed.RowsReleased, replayed.RowsNewlyHeld).ShouldBe((0, 2));
    }

    [Fact]
    public async Task Where_nothing_is_held_a_dry_run_is_skipped_and_another_has_nothing_to_do()
    {
        await QuarantineAsync("clean", run: 80, Clean);

        var skipped = await home.SkippedAsync("Ecom.ReplayQuarantine", new ReplayInputs { Source = "shop", Entity = entity, DryRun = true }, home.Attempt(81, 811));
        var replayed = await ReplayAsync(home.Attempt(82, 821));

        skipped.ShouldStartWith("Dry run: 0 of 0 rows would be let in");
        (replayed.Outcome, replayed.ReportPath).ShouldBe(("nothing to do", null));
        (await home.Results.ListAsync(new QualityFilter(RunId: 82), CancellationToken.None)).ShouldBeEmpty();
        Directory.Exists(home.Path_($"reports/quality/shop/run-82/{entity}")).ShouldBeFalse();
    }

    [Fact]
    public async Task Where_nothing_is_held_a_stricter_rule_and_a_corrected_mapping_count_all_the_same()
    {
        await QuarantineAsync("held", run: 90, Clean);
        Suite("""["cart"]""");
        (await ReplayAsync(home.Attempt(91, 911))).RowsNewlyHeld.ShouldBe(1);

        await QuarantineAsync("reread", run: 92, Clean);
        Mapping(day: "varchar");
        (await ReplayAsync(home.Attempt(93, 931))).FilesReread.ShouldBe(1);

        using var duck = DuckDbConnection.Open(new DuckDbOptions());
        var bronze = await home.Lake.CurrentAsync(new LakeTableName("bronze", "shop", entity), CancellationToken.None);
        duck.Scalar<string>($"select any_value(typeof(day)) from {home.Lake.Scan(bronze!)}").ShouldBe("VARCHAR");
    }

    [Fact]
    public async Task Where_nothing_is_held_a_broken_suite_is_an_error_all_the_same()
    {
        await QuarantineAsync("broken", run: 95, Clean);
        home.Write($"workflows/expectations/shop/{entity}.json", "{");

        (await Should.ThrowAsync<TaskFailedException>(() => ReplayAsync(home.Attempt(96, 961)))).Message.ShouldContain("cannot be used");
    }

    [Fact]
    public async Task What_somebody_published_meanwhile_is_not_overwritten()
    {
        await QuarantineAsync("meanwhile", run: 40);
        Suite("""["view", "cart", "wish"]""");

        var failure = await Should.ThrowAsync<TaskFailedException>(() => ReplayAsync(home.Attempt(41, 411, beforePublish: () => home.ValidateAsync(home.Attempt(42, 421), entity: entity))));

        failure.Message.ShouldContain("was published anew");
        failure.Retryable.ShouldBeTrue();
        (await home.Results.ListAsync(new QualityFilter(RunId: 41), CancellationToken.None)).ShouldBeEmpty();
        (await ReplayAsync(home.Attempt(41, 412))).RowsReleased.ShouldBe(0, "the validation in between had already let the row in");
    }

    [Fact]
    public async Task A_fenced_attempt_lets_nothing_in()
    {
        await QuarantineAsync("fenced", run: 50);
        Suite("""["view", "cart", "wish"]""");

        await Should.ThrowAsync<AttemptFencedException>(() => ReplayAsync(home.Attempt(51, 511, stale: true)));

        (await home.QuarantineAsync(entity)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task A_critical_failure_lets_nothing_in()
    {
        await QuarantineAsync("critical", run: 60);
        Suite("""["wish"]""", severity: "critical");

        (await Should.ThrowAsync<TaskFailedException>(() => ReplayAsync(home.Attempt(61, 611)))).Message.ShouldStartWith("Nothing was let in.");
        (await home.QuarantineAsync(entity)).Count.ShouldBe(3);
    }

    [Fact]
    public async Task Without_a_suite_what_one_holds_is_not_let_in_but_refused_lines_are()
    {
        await QuarantineAsync("unnamed", run: 400);
        home.Write("workflows/sources/shop.json", File.ReadAllText(home.Path_("workflows/sources/shop.json")).Replace($"\"shop/{entity}\"", "null", StringComparison.Ordinal));

        var refusal = await Should.ThrowAsync<TaskFailedException>(() => ReplayAsync(home.Attempt(401, 4011)));

        refusal.Message.ShouldStartWith($"Nothing was let in. Rules of a suite hold 2 rows of bronze.shop.{entity}, and no suite is named now");
        (await home.QuarantineAsync(entity)).ShouldBe(["e.csv:3 no_user", "e.csv:4 kind", "e.csv:5 parse_type"]);
        home.Write($"data/{entity}/e.csv", $"user_id,kind,day\n{Clean}u3,view,20.11.2026\n");
        await home.RunAsync<IngestInputs, IngestOutputs>("Ecom.Ingest", new IngestInputs { Source = "shop", Entity = entity }, home.Attempt(402, 4021));
        await home.ValidateAsync(home.Attempt(402, 4022), entity: entity);
        home.Write("workflows/sources/shop.json", File.ReadAllText(home.Path_("workflows/sources/shop.json")).Replace("\"date\" }", "\"varchar\" }", StringComparison.Ordinal));
        (await ReplayAsync(home.Attempt(403, 4031))).RowsReleased.ShouldBe(1);
    }

    public Task DisposeAsync() => Task.CompletedTask;

    public void Dispose() => home.Dispose();

    private async Task QuarantineAsync(string name, int run, string rows = Rows)
    {
        entity = name;
        Mapping(day: "date");
        Suite(Kinds);
        home.Write($"data/{entity}/e.csv", $"user_id,kind,day\n{rows}");
        await home.RunAsync<IngestInputs, IngestOutputs>("Ecom.Ingest", new IngestInputs { Source = "shop", Entity = entity }, home.Attempt(run, run * 10));
        await home.ValidateAsync(home.Attempt(run, (run * 10) + 1), entity: entity);
    }

    private Task<ReplayOutputs> ReplayAsync(TaskContext attempt) =>
        home.RunAsync<ReplayInputs, ReplayOutputs>("Ecom.ReplayQuarantine", new ReplayInputs { Source = "shop", Entity = entity }, attempt);

    private Task<IReadOnlyList<long>> GoodLinesAsync() => home.GoodLinesAsync(entity);

    private void Mapping(string day) => home.WriteReplayedSource(entity, day);

    private void Suite(string kinds, string severity = "warning") => home.WriteReplayedSuite(entity, kinds, severity);
}
