using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Server.Hosting;
using Microsoft.Extensions.Hosting;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Files;

/// <summary>Every test has a folder and a database of its own.</summary>
public sealed class When_files_and_edits_meet : IAsyncLifetime
{
    private const string Dag = "churn-daily";

    private readonly WorkflowRepository repository = new();

    public async Task InitializeAsync()
    {
        await repository.InitializeAsync();
        (await ImportAsync()).ShouldBeEmpty();
    }

    public Task DisposeAsync() => repository.DisposeAsync();

    [Fact]
    public async Task An_edit_is_marked_shown_and_written_back_to_the_file()
    {
        await EditAsync(retries: 9);
        (await InfoAsync()).IsEdited.ShouldBeTrue();
        (await ImportAsync()).ShouldBeEmpty();
        (await InfoAsync()).CurrentVersion.ShouldBe(2, "an unchanged file does not overwrite the edit");

        var (_, difference, _) = await repository.EcomAsync("dags", "diff", Dag);
        difference.ShouldContain("task ingest_events.settings.retries: 3 → 9");
        difference.ShouldContain("-            \"value\": 3");
        difference.ShouldContain("+            \"value\": 9");

        var (exitCode, _, errors) = await repository.EcomAsync("dags", "export", Dag);
        exitCode.ShouldBe(0, errors);
        (await FileAsync()).Dag!.Tasks.Single(task => task.TaskId == "ingest_events").Settings.Retries.ShouldBe(9);
        (await InfoAsync()).IsEdited.ShouldBeFalse();
        (await repository.EcomAsync("dags", "export", Dag)).Output.ShouldContain("unchanged");
        (await repository.EcomAsync("dags", "diff")).Output.Trim().ShouldBe("No differences.");
        (await InfoAsync()).CurrentVersion.ShouldBe(2);
    }

    [Fact]
    public async Task A_changed_file_is_imported_where_nobody_edited_the_dag()
    {
        await ChangeFileAsync(retries: 5);

        (await ImportAsync()).ShouldBeEmpty();

        (await InfoAsync()).CurrentVersion.ShouldBe(2);
        (await InfoAsync()).IsEdited.ShouldBeFalse();
    }

    [Fact]
    public async Task Changes_on_both_sides_are_a_conflict_that_a_person_settles_for_the_file()
    {
        await EditAsync(retries: 9);
        await ChangeFileAsync(retries: 5);

        var problem = (await ImportAsync()).ShouldHaveSingleItem().Problems.ShouldHaveSingleItem();
        problem.Message.ShouldContain("the DAG was edited in Studio (version 2 by editor)");
        problem.Message.ShouldContain("./ecom dags import workflows/churn-daily.json --overwrite");
        (await InfoAsync()).CurrentVersion.ShouldBe(2);
        (await repository.Get<DagStore>().ImportErrorsAsync(CancellationToken.None)).ShouldHaveSingleItem().File.ShouldBe("churn-daily.json");
        var all = await repository.EcomAsync("dags", "export");
        all.ExitCode.ShouldBe(1);
        all.Output.ShouldContain("conflict");
        (await FileAsync()).Dag!.Tasks.Single(task => task.TaskId == "ingest_events").Settings.Retries.ShouldBe(5, "not overwritten");
        (await repository.EcomAsync("dags", "import", repository.ChurnDaily)).ExitCode.ShouldBe(1);

        var taken = await repository.EcomAsync("dags", "import", repository.ChurnDaily, "--overwrite");

        taken.ExitCode.ShouldBe(0, taken.Errors);
        (await ImportAsync()).ShouldBeEmpty();
        (await RetriesAsync()).ShouldBe(5);
    }

    [Fact]
    public async Task Changes_on_both_sides_are_settled_for_studio_by_an_export()
    {
        await EditAsync(retries: 9);
        await ChangeFileAsync(retries: 5);
        (await ImportAsync()).ShouldHaveSingleItem();

        (await repository.EcomAsync("dags", "export", Dag)).ExitCode.ShouldBe(0);

        (await ImportAsync()).ShouldBeEmpty();
        (await RetriesAsync()).ShouldBe(9);
        (await InfoAsync()).IsEdited.ShouldBeFalse();
    }

    [Fact]
    public async Task A_draft_is_an_edit_too()
    {
        var document = await CurrentAsync(retries: 7);
        var draft = new Draft(Dag, "Daily", null, document.ToJson(), DagHash.Compute(document.Dag!), null, "editor");
        await repository.Get<DraftStore>().SaveAsync(draft, baseId: null, CancellationToken.None);
        await ChangeFileAsync(retries: 5);

        (await ImportAsync()).ShouldHaveSingleItem().Problems[0].Message.ShouldContain("given a draft in Studio");
        (await RetriesAsync()).ShouldBe(3);
    }

    [Fact]
    public async Task A_dag_deleted_in_studio_stays_deleted_until_its_file_is_taken()
    {
        await repository.Get<DagRemoval>().DeleteAsync(Dag, "editor", CancellationToken.None);
        (await ImportAsync()).ShouldBeEmpty();
        (await repository.Get<DagStore>().ListAsync(CancellationToken.None)).ShouldBeEmpty();

        await ChangeFileAsync(retries: 5);
        (await ImportAsync()).ShouldHaveSingleItem().Problems[0].Message.ShouldContain("deleted in Studio");

        (await repository.EcomAsync("dags", "import", repository.ChurnDaily, "--overwrite")).ExitCode.ShouldBe(0);
        (await InfoAsync()).IsActive.ShouldBeTrue();
    }

    [Fact]
    public async Task A_dag_whose_file_is_gone_rests_until_it_is_back()
    {
        var text = await File.ReadAllTextAsync(repository.ChurnDaily);
        File.Delete(repository.ChurnDaily);
        await ImportAsync();
        (await InfoAsync()).IsActive.ShouldBeFalse();

        await File.WriteAllTextAsync(repository.ChurnDaily, text);
        await ImportAsync();
        (await InfoAsync()).IsActive.ShouldBeTrue();
    }

    [Fact]
    public async Task A_file_is_imported_soon_after_it_changes_and_a_bad_one_is_told()
    {
        var watcher = repository.Get<IHostedService>();
        await watcher.StartAsync(CancellationToken.None);
        await ChangeFileAsync(retries: 5);
        await UntilAsync(async () => (await InfoAsync()).CurrentVersion == 2);

        await File.WriteAllTextAsync(Path.Combine(repository.Workflows, "broken.json"), "{ ");
        await UntilAsync(async () => (await repository.Get<DagStore>().ImportErrorsAsync(CancellationToken.None)).Count == 1);

        (await repository.Get<DagStore>().ImportErrorsAsync(CancellationToken.None))[0].Problems[0].Message.ShouldContain("not valid JSON");
        await watcher.StopAsync(CancellationToken.None);
    }

    [Fact]
    public async Task Files_nobody_can_store_are_told_and_the_others_imported()
    {
        await WriteAsync("a-nul.json", raw => raw["description"] = "a\0b");
        await WriteAsync("b-null.json", raw => raw["root"]!["activities"]![0]!["outlets"] = new JsonArray((JsonNode?)null));
        await ChangeFileAsync(retries: 5);

        var errors = await ImportAsync();

        errors.Select(error => error.File).ShouldBe(["a-nul.json", "b-null.json"]);
        errors[0].Problems.ShouldHaveSingleItem().Message.ShouldContain("The text holds U+0000");
        (await RetriesAsync()).ShouldBe(5);
        var listed = await repository.EcomAsync("dags", "list");
        listed.ExitCode.ShouldBe(0, listed.Errors);
        listed.Errors.ShouldContain("a-nul.json: line ");
    }

    [Fact]
    public async Task A_file_the_database_refuses_is_told_and_the_others_imported()
    {
        await ExecuteAsync("alter table orchestration.dag add constraint not_cursed check (dag_id <> 'cursed')");
        await WriteAsync("a-cursed.json", raw => raw["definitionId"] = "cursed");
        await ChangeFileAsync(retries: 5);

        var error = (await ImportAsync()).ShouldHaveSingleItem();

        error.File.ShouldBe("a-cursed.json");
        error.Problems.ShouldHaveSingleItem().Message.ShouldContain("not_cursed");
        (await RetriesAsync()).ShouldBe(5);
    }

    [Fact]
    public async Task What_the_database_refuses_to_a_command_is_one_line_and_an_exit_code()
    {
        await ExecuteAsync("alter table orchestration.dag add constraint never_paused check (not is_paused)");

        var (exitCode, _, errors) = await repository.EcomAsync("dags", "pause", Dag);

        exitCode.ShouldBe(3);
        errors.Trim().ShouldStartWith("ecom: The database refused it: 23514");
        errors.ShouldNotContain("   at ");
    }

    [Fact]
    public async Task A_command_that_nobody_foresaw_to_fail_ends_with_a_message_and_not_by_a_signal()
    {
        await ExecuteAsync("update orchestration.dag_version set definition = '[]'");

        var (exitCode, _, errors) = await repository.EcomAsync("dags", "show", Dag);

        exitCode.ShouldBe(1, errors);
        errors.ShouldStartWith("ecom: ");
    }

    [Fact]
    public async Task A_dag_made_elsewhere_gets_a_file_of_its_own()
    {
        var elsewhere = Path.Combine(Path.GetDirectoryName(repository.Workflows)!, "other.json");
        var other = JsonNode.Parse(await File.ReadAllTextAsync(repository.ChurnDaily))!;
        other["definitionId"] = "other";
        await File.WriteAllTextAsync(elsewhere, other.ToJsonString());

        (await repository.EcomAsync("dags", "import", elsewhere)).Output.Trim().ShouldBe("other version 1");
        (await repository.EcomAsync("dags", "diff", "other")).Output.ShouldContain("there is no file");
        (await repository.EcomAsync("dags", "export", "other", "--to", Path.Combine(repository.Workflows, "sub"))).ExitCode.ShouldBe(0);
        File.Exists(Path.Combine(repository.Workflows, "sub", "other.json")).ShouldBeTrue();
        (await repository.EcomAsync("dags", "export", "other")).Output.ShouldContain("written");
        (await repository.Get<DagStore>().GetAsync("other", CancellationToken.None)).SourceFile.ShouldBe("other.json");
    }

    [Theory]
    [InlineData(2, "There is no file", "dags", "import", "/nowhere/x.json")]
    [InlineData(2, "There is no DAG 'nope'", "dags", "export", "nope")]
    [InlineData(2, "There is no DAG 'nope'", "dags", "diff", "nope")]
    public async Task What_cannot_be_done_is_said(int exitCode, string message, params string[] arguments)
    {
        var result = await repository.EcomAsync(arguments);

        result.ExitCode.ShouldBe(exitCode);
        result.Errors.ShouldContain(message);
    }

    private Task<IReadOnlyList<ImportError>> ImportAsync() => repository.Get<WorkflowImport>().RunAsync(CancellationToken.None);

    private Task<DagInfo> InfoAsync() => repository.Get<DagStore>().GetAsync(Dag, CancellationToken.None);

    private async Task<int> RetriesAsync() =>
        (await repository.Get<DagStore>().CurrentGraphAsync(Dag, CancellationToken.None)).Dag.Tasks.Single(task => task.TaskId == "ingest_events").Settings.Retries;

    private Task<DagDocument> FileAsync() => DagFolder.ReadFileAsync(repository.ChurnDaily, repository.Get<TaskRegistry>(), CancellationToken.None);

    private async Task<DagDocument> CurrentAsync(int retries)
    {
        var raw = JsonNode.Parse(await repository.Get<DagStore>().DocumentAsync(Dag, (await InfoAsync()).CurrentVersion, CancellationToken.None))!.AsObject();
        SetRetries(raw, retries);
        return DagDocument.Parse(raw.ToJsonString(), "studio", repository.Get<TaskRegistry>());
    }

    private async Task EditAsync(int retries)
    {
        var document = await CurrentAsync(retries);
        var draft = new Draft(Dag, "Daily", null, document.ToJson(), DagHash.Compute(document.Dag!), null, "editor");
        await repository.Get<DraftStore>().PublishAsync(document.Dag!, draft, baseId: null, CancellationToken.None);
    }

    private async Task ChangeFileAsync(int retries)
    {
        var raw = JsonNode.Parse(await File.ReadAllTextAsync(repository.ChurnDaily))!.AsObject();
        SetRetries(raw, retries);
        await File.WriteAllTextAsync(repository.ChurnDaily, raw.ToJsonString());
    }

    private async Task WriteAsync(string file, Action<JsonObject> change)
    {
        var raw = JsonNode.Parse(await File.ReadAllTextAsync(repository.ChurnDaily))!.AsObject();
        raw["definitionId"] = Path.GetFileNameWithoutExtension(file);
        change(raw);
        await File.WriteAllTextAsync(Path.Combine(repository.Workflows, file), raw.ToJsonString());
    }

    private async Task ExecuteAsync(string sql)
    {
        await using var command = repository.Get<NpgsqlDataSource>().CreateCommand(sql);
        await command.ExecuteNonQueryAsync();
    }

    private static void SetRetries(JsonObject raw, int retries) =>
        raw["root"]!["activities"]!.AsArray().Single(activity => (string?)activity!["name"] == "ingest_events")!["retries"]!["expression"]!["value"] = retries.ToString();

    private static async Task UntilAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        using var timer = new PeriodicTimer(TimeSpan.FromMilliseconds(100));
        while (!await condition())
            await timer.WaitForNextTickAsync(patience.Token);
    }
}
