using System.IO.Compression;
using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Server.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Elsa;

public sealed class DefinitionApiTests(RunningServer server) : IClassFixture<RunningServer>
{
    private readonly ElsaClient studio = new(server.Client, "window-1");
    private readonly ElsaClient otherWindow = new(server.Client, "window-2");

    private DagStore Dags => server.Web.Services.GetRequiredService<DagStore>();

    [Fact]
    public async Task The_list_is_searched_ordered_and_paged()
    {
        foreach (var name in new[] { "Alpha list", "Beta list", "Gamma list" })
            await studio.CreateAsync(name);

        var second = await studio.GetAsync("/workflow-definitions?versionOptions=Latest&Page=1&PageSize=2&SearchTerm=LIST&IsSystem=False&OrderBy=Name&OrderDirection=Ascending");
        var down = await studio.GetAsync("/workflow-definitions?versionOptions=Latest&Page=0&PageSize=1&SearchTerm=list&OrderBy=Name&OrderDirection=Descending");

        second["items"]!.AsArray().Select(item => (string?)item!["name"]).ShouldBe(["Gamma list"]);
        second["totalCount"]!.GetValue<int>().ShouldBe(3);
        second["links"]!.AsArray().Select(link => (string?)link!["rel"]).ShouldContain("bulk-publish");
        down["items"]![0]!["name"]!.GetValue<string>().ShouldBe("Gamma list");
        down["items"]![0]!["links"]!.AsArray().Select(link => (string?)link!["rel"]).ShouldContain("publish");
        (await studio.GetAsync("/workflow-definitions?versionOptions=Published&DefinitionIds=alpha-list&DefinitionIds=beta-list"))["totalCount"]!.GetValue<int>().ShouldBe(0);
        (await studio.GetAsync("/workflow-definitions?versionOptions=Published&DefinitionIds=churn-daily"))["totalCount"]!.GetValue<int>().ShouldBe(1);
        (await studio.GetAsync("/workflow-definitions?versionOptions=&Ids=churn-daily:1&Ids=nope:1&Ids=rubbish"))["items"]!.AsArray().Count.ShouldBe(1);
        (await studio.GetAsync("/workflow-definitions?versionOptions=Latest&SearchTerm=100%25"))["totalCount"]!.GetValue<int>().ShouldBe(0);
    }

    [Theory]
    [InlineData("/workflow-definitions?versionOptions=Newest", "'Newest' is not known; allowed are a number and AllVersions, Latest")]
    [InlineData("/workflow-definitions?PageSize=0", "PageSize 1 to 1000")]
    public async Task A_list_request_that_makes_no_sense_is_refused(string path, string message) =>
        (await ElsaClient.MessagesAsync(await studio.SendAsync(HttpMethod.Get, path))).ShouldHaveSingleItem().ShouldContain(message);

    [Theory]
    [InlineData("/workflow-definitions/by-definition-id/nope?versionOptions=Latest", "There is no workflow definition 'nope' (Latest).")]
    [InlineData("/workflow-definitions/by-id/churn-daily:99", "There is no workflow definition version 'churn-daily:99'.")]
    [InlineData("/workflow-definitions/by-id/churn-daily-v1", "There is no workflow definition version 'churn-daily-v1'.")]
    [InlineData("/workflow-definitions/subgraph/churn-daily:1?parentNodeId=x", "no activity with the node id 'x'")]
    [InlineData("/no-such-route", "There is no route GET /elsa/api/no-such-route.")]
    public async Task What_is_not_there_is_404(string path, string message)
    {
        var answer = await studio.SendAsync(HttpMethod.Get, path);

        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["detail"]!.GetValue<string>().ShouldContain(message);
    }

    [Fact]
    public async Task A_new_dag_is_a_draft_that_never_runs_until_it_is_published()
    {
        var draft = await studio.CreateAsync("My first DAG");

        draft["definitionId"]!.GetValue<string>().ShouldBe("my-first-dag");
        draft["id"]!.GetValue<string>().ShouldBe("my-first-dag:1.1");
        draft["isPublished"]!.GetValue<bool>().ShouldBeFalse();
        draft["root"]!["nodeId"]!.GetValue<string>().ShouldBe("Workflow1:3ba907faf47deb");
        draft["root"]!["activities"]![0]!["nodeId"]!.GetValue<string>().ShouldBe("Workflow1:3ba907faf47deb:id-Ingest1");
        await Should.ThrowAsync<NotFoundException>(() => Dags.GetAsync("my-first-dag", CancellationToken.None));

        var published = await studio.SaveAsync(draft, publish: true);

        published["id"]!.GetValue<string>().ShouldBe("my-first-dag:1");
        published["isPublished"]!.GetValue<bool>().ShouldBeTrue();
        (await Dags.GetAsync("my-first-dag", CancellationToken.None)).CurrentVersion.ShouldBe(1);
    }

    [Fact]
    public async Task An_edit_of_a_published_dag_is_a_draft_beside_it_and_a_new_version_when_published()
    {
        var first = await studio.SaveAsync(await studio.CreateAsync("Edited"), publish: true);
        first["root"]!["activities"]![0]!["retries"] = ElsaClient.Text("3");

        var draft = await studio.SaveAsync(first);

        draft["id"]!.GetValue<string>().ShouldBe("edited:2.1");
        (await Dags.CurrentGraphAsync("edited", CancellationToken.None)).Dag.Tasks[0].Settings.Retries.ShouldBe(0);
        (await studio.GetAsync("/workflow-definitions/by-definition-id/edited?versionOptions=Published"))["version"]!.GetValue<int>().ShouldBe(1);

        draft["root"]!["activities"]![0]!["retries"] = ElsaClient.Text("4");
        (await studio.SaveAsync(draft))["id"]!.GetValue<string>().ShouldBe("edited:2.1", "the same window goes on with its draft");
        draft["root"]!["activities"]![0]!["retries"] = ElsaClient.Text("5");
        var second = await studio.SaveAsync(draft, publish: true);

        second["id"]!.GetValue<string>().ShouldBe("edited:2");
        (await Dags.CurrentGraphAsync("edited", CancellationToken.None)).Dag.Tasks[0].Settings.Retries.ShouldBe(5);
        var history = await studio.GetAsync("/workflow-definitions?versionOptions=AllVersions&Page=0&PageSize=10&DefinitionIds=edited&OrderBy=Version&OrderDirection=Descending");
        history["items"]!.AsArray().Select(item => item!["version"]!.GetValue<int>()).ShouldBe([2, 1]);
    }

    [Fact]
    public async Task Moving_a_node_and_publishing_makes_no_new_version()
    {
        var first = await studio.SaveAsync(await studio.CreateAsync("Moved"), publish: true);
        first["root"]!["activities"]![0]!["metadata"]!["designer"]!["position"]!["x"] = 300;

        var draft = await studio.SaveAsync(first);
        var published = await studio.SaveAsync(draft, publish: true);

        draft["isPublished"]!.GetValue<bool>().ShouldBeFalse();
        published["id"]!.GetValue<string>().ShouldBe("moved:1");
        published["root"]!["activities"]![0]!["metadata"]!["designer"]!["position"]!["x"]!.GetValue<double>().ShouldBe(300);
    }

    [Fact]
    public async Task A_cycle_may_be_drawn_but_not_published()
    {
        var draft = await studio.CreateAsync("Circular");
        ElsaClient.AddTask(draft, "Ingest2");
        ElsaClient.Connect(draft, "Ingest1", "Ingest2");
        ElsaClient.Connect(draft, "Ingest2", "Ingest1");

        var saved = await studio.SaveAsync(draft);

        (await studio.RefusalAsync(saved, publish: true)).ShouldContain(message => message.Contains("cycle"));
        (await ElsaClient.MessagesAsync(await studio.SendAsync(HttpMethod.Post, "/workflow-definitions/circular/publish", new JsonObject()))).ShouldContain(message => message.Contains("cycle"));
        (await ElsaClient.MessagesAsync(await studio.SendAsync(
            HttpMethod.Post, "/bulk-actions/publish/workflow-definitions/by-definition-ids", new JsonObject { ["definitionIds"] = new JsonArray("circular") })))
            .ShouldContain(message => message.StartsWith("circular: ") && message.Contains("cycle"));
        await Should.ThrowAsync<NotFoundException>(() => Dags.GetAsync("circular", CancellationToken.None));
    }

    [Fact]
    public async Task A_root_that_is_no_flowchart_is_refused() =>
        (await studio.RefusalAsync(new JsonObject { ["name"] = "S", ["root"] = new JsonObject { ["type"] = "Elsa.Sequence", ["version"] = 1, ["id"] = "r" } }))
            .ShouldHaveSingleItem().ShouldContain("sequences and state machines are no DAGs");

    [Fact]
    public async Task An_id_that_no_dag_can_have_is_refused() =>
        (await studio.RefusalAsync(new JsonObject { ["definitionId"] = "a/b", ["root"] = new JsonObject { ["type"] = "Elsa.Flowchart" } })).ShouldHaveSingleItem().ShouldContain("'a/b' cannot be the id of a DAG");

    [Fact]
    public async Task Two_windows_do_not_overwrite_each_other_silently()
    {
        var mine = await studio.SaveAsync(await studio.CreateAsync("Shared"), publish: true);
        var theirs = (JsonObject)mine.DeepClone();
        mine["description"] = "mine";
        await studio.SaveAsync(mine);
        mine["description"] = "mine, before the answer came";
        await studio.SaveAsync(mine);

        theirs["description"] = "theirs";
        (await otherWindow.RefusalAsync(theirs)).ShouldHaveSingleItem().ShouldContain("shared was changed by studio since you opened it: you have shared:1, there is shared:2.1 now");
        var reloaded = await otherWindow.LatestAsync("shared");
        reloaded["description"]!.GetValue<string>().ShouldBe("mine, before the answer came");
        reloaded["description"] = "theirs";
        (await otherWindow.SaveAsync(reloaded))["id"]!.GetValue<string>().ShouldBe("shared:2.2");
        mine["description"] = "mine again";
        (await studio.RefusalAsync(mine)).ShouldHaveSingleItem().ShouldContain("there is shared:2.2 now");
    }

    [Fact]
    public async Task A_request_that_is_sent_again_changes_nothing_more()
    {
        var create = new JsonObject { ["name"] = "Sent twice", ["root"] = new JsonObject { ["id"] = "r1", ["type"] = "Elsa.Flowchart", ["version"] = 1 } };
        var once = await studio.SaveAsync(create);
        var again = await studio.SaveAsync(create);
        again["id"]!.GetValue<string>().ShouldBe(once["id"]!.GetValue<string>());

        ElsaClient.AddTask(once, "Ingest1");
        var saved = await studio.SaveAsync(once);
        (await studio.SaveAsync(once))["id"]!.GetValue<string>().ShouldBe(saved["id"]!.GetValue<string>());

        var published = await studio.SaveAsync(saved, publish: true);
        (await studio.SaveAsync(saved, publish: true))["id"]!.GetValue<string>().ShouldBe(published["id"]!.GetValue<string>());
        (await Dags.VersionsAsync("sent-twice", CancellationToken.None)).Count.ShouldBe(1);
    }

    [Fact]
    public async Task An_import_whose_lists_hold_what_studio_cannot_open_is_refused_with_the_places()
    {
        var answer = await studio.SendAsync(HttpMethod.Post, "/workflow-definitions/import", new JsonObject
        {
            ["definitionId"] = "misfit",
            ["inputs"] = new JsonArray(null, 5),
            ["variables"] = "x",
            ["root"] = new JsonObject { ["id"] = "r", ["type"] = "Elsa.Flowchart", ["version"] = 1 },
        });

        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        (await answer.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!.AsObject().Select(error => error.Key).ShouldBe(["variables", "inputs[0]", "inputs[1]"]);
    }

    [Fact]
    public async Task Members_studio_does_not_know_are_kept()
    {
        var imported = await studio.PostAsync("/workflow-definitions/import", new JsonObject
        {
            ["$schema"] = "https://example.org/schema.json",
            ["definitionId"] = "kept",
            ["name"] = "Kept",
            ["x-owner"] = new JsonObject { ["team"] = "data" },
            ["inputs"] = new JsonArray(new JsonObject { ["name"] = "source", ["type"] = "String", ["x-input"] = 1 }),
            ["options"] = new JsonObject { ["x-option"] = true },
            ["root"] = new JsonObject
            {
                ["id"] = "r", ["type"] = "Elsa.Flowchart", ["version"] = 1,
                ["activities"] = new JsonArray(Task("a"), Task("b")),
                ["connections"] = new JsonArray(new JsonObject
                {
                    ["source"] = new JsonObject { ["activity"] = "a", ["port"] = "Done" }, ["target"] = new JsonObject { ["activity"] = "b", ["port"] = "In" }, ["x-edge"] = "why",
                }),
            },
        });
        // What Studio sends back has only the members of its own model.
        foreach (var own in new[] { "$schema", "x-owner", "links", "sourceFile", "isEdited" })
            imported.Remove(own);
        imported["inputs"]![0]!.AsObject().Remove("x-input");
        imported["options"]!.AsObject().Remove("x-option");
        imported["root"]!["connections"]![0]!.AsObject().Remove("x-edge");
        imported["description"] = "edited";
        await studio.SaveAsync(imported, publish: true);

        var stored = JsonNode.Parse(await Dags.DocumentAsync("kept", 1, CancellationToken.None))!;
        stored["$schema"]!.GetValue<string>().ShouldBe("https://example.org/schema.json");
        stored["x-owner"]!["team"]!.GetValue<string>().ShouldBe("data");
        stored["inputs"]![0]!["x-input"]!.GetValue<int>().ShouldBe(1);
        stored["options"]!["x-option"]!.GetValue<bool>().ShouldBeTrue();
        stored["root"]!["connections"]![0]!["x-edge"]!.GetValue<string>().ShouldBe("why");

        static JsonObject Task(string id) => new() { ["id"] = id, ["name"] = id, ["type"] = "Ecom.Ingest", ["version"] = 1, ["source"] = ElsaClient.Text("shop") };
    }

    [Fact]
    public async Task Activities_of_unknown_types_stay_on_the_canvas_and_come_back_as_they_were()
    {
        var draft = await studio.CreateAsync("Foreign");
        draft["root"]!["activities"]!.AsArray().Add(new JsonObject { ["id"] = "x", ["name"] = "Call1", ["type"] = "Elsa.HttpRequest", ["version"] = 1, ["url"] = ElsaClient.Text("http://example.org") });

        var shown = await studio.SaveAsync(draft);
        var stand = shown["root"]!["activities"]![1]!;
        stand["type"]!.GetValue<string>().ShouldBe("Elsa.NotFoundActivity");
        stand["missingTypeName"]!.GetValue<string>().ShouldBe("Elsa.HttpRequest");
        stand["metadata"] = new JsonObject { ["displayText"] = "Moved" };
        shown = await studio.SaveAsync(shown);

        (await studio.RefusalAsync(shown, publish: true)).ShouldContain(message => message.Contains("There is no task type 'Elsa.HttpRequest'"));
        var exported = JsonNode.Parse(await server.Client.GetStringAsync("/elsa/api/workflow-definitions/foreign/export?versionOptions=Latest"))!;
        var original = exported["root"]!["activities"]!.AsArray().Single(activity => (string?)activity!["id"] == "x")!;
        original["type"]!.GetValue<string>().ShouldBe("Elsa.HttpRequest");
        original["url"]!["expression"]!["value"]!.GetValue<string>().ShouldBe("http://example.org");
        original["metadata"]!["displayText"]!.GetValue<string>().ShouldBe("Moved");
    }

    [Fact]
    public async Task Rolling_back_makes_a_draft_of_the_former_version()
    {
        var first = await studio.SaveAsync(await studio.CreateAsync("Rolled"), publish: true);
        ElsaClient.AddTask(first, "Ingest2");
        await studio.SaveAsync(first, publish: true);

        var summary = await studio.PostAsync("/workflow-definitions/rolled/revert/1");

        summary["id"]!.GetValue<string>().ShouldBe("rolled:3.1");
        summary["isLatest"]!.GetValue<bool>().ShouldBeTrue();
        (await Dags.CurrentGraphAsync("rolled", CancellationToken.None)).Dag.Tasks.Count.ShouldBe(2);
        var published = await studio.PostAsync("/workflow-definitions/rolled/publish", new JsonObject());
        published["workflowDefinition"]!["id"]!.GetValue<string>().ShouldBe("rolled:3");
        published["alreadyPublished"]!.GetValue<bool>().ShouldBeFalse();
        (await Dags.CurrentGraphAsync("rolled", CancellationToken.None)).Dag.Tasks.Count.ShouldBe(1);
        (await studio.PostAsync("/workflow-definitions/rolled/publish", new JsonObject()))["alreadyPublished"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Taking_back_stops_new_runs_until_it_is_published_again()
    {
        await studio.SaveAsync(await studio.CreateAsync("Taken back"), publish: true);

        var retracted = await studio.PostAsync("/workflow-definitions/taken-back/retract", new JsonObject());

        retracted["isPublished"]!.GetValue<bool>().ShouldBeFalse();
        var dag = await Dags.GetAsync("taken-back", CancellationToken.None);
        (dag.IsActive, dag.IsRetracted).ShouldBe((false, true));
        var bulk = await studio.PostAsync("/bulk-actions/retract/workflow-definitions/by-definition-ids", new JsonObject { ["definitionIds"] = new JsonArray("taken-back", "nope") });
        bulk["alreadyRetracted"]!.AsArray().Count.ShouldBe(1);
        bulk["notFound"]!.AsArray().Count.ShouldBe(1);
        var again = await studio.PostAsync("/bulk-actions/publish/workflow-definitions/by-definition-ids", new JsonObject { ["definitionIds"] = new JsonArray("taken-back", "churn-daily", "nope") });
        again["published"]!.AsArray().Count.ShouldBe(1);
        again["alreadyPublished"]!.AsArray().Count.ShouldBe(1);
        again["notFound"]!.AsArray().Count.ShouldBe(1);
        (await Dags.GetAsync("taken-back", CancellationToken.None)).IsActive.ShouldBeTrue();
    }

    [Fact]
    public async Task A_deleted_dag_is_off_the_lists_but_its_versions_stay_readable()
    {
        await studio.SaveAsync(await studio.CreateAsync("Removed"), publish: true);

        (await studio.SendAsync(HttpMethod.Delete, "/workflow-definitions/removed")).StatusCode.ShouldBe(HttpStatusCode.NoContent);

        (await studio.GetAsync("/workflow-definitions?versionOptions=Latest&SearchTerm=removed"))["totalCount"]!.GetValue<int>().ShouldBe(0);
        (await Dags.ListAsync(CancellationToken.None)).ShouldNotContain(dag => dag.DagId == "removed");
        (await studio.GetAsync("/workflow-definitions/by-id/removed:1"))["isPublished"]!.GetValue<bool>().ShouldBeFalse();
        (await studio.SendAsync(HttpMethod.Delete, "/workflow-definitions/removed")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await studio.CreateAsync("Removed"))["definitionId"]!.GetValue<string>().ShouldBe("removed-2", "an id is not used for another DAG");
    }

    [Fact]
    public async Task Versions_are_deleted_unless_something_needs_them()
    {
        var first = await studio.SaveAsync(await studio.CreateAsync("Pruned"), publish: true);
        ElsaClient.AddTask(first, "Ingest2");
        var second = await studio.SaveAsync(first, publish: true);
        ElsaClient.AddTask(second, "Ingest3");
        await studio.SaveAsync(second);

        (await ElsaClient.MessagesAsync(await studio.SendAsync(HttpMethod.Delete, "/workflow-definition-versions/pruned:2"))).ShouldHaveSingleItem().ShouldContain("current version");
        (await studio.SendAsync(HttpMethod.Delete, "/workflow-definition-versions/pruned:3.1")).StatusCode.ShouldBe(HttpStatusCode.NoContent);
        (await studio.LatestAsync("pruned"))["id"]!.GetValue<string>().ShouldBe("pruned:2");
        (await studio.PostAsync("/bulk-actions/delete/workflow-definitions/by-id", new JsonObject { ["ids"] = new JsonArray("pruned:1") }))["deleted"]!.GetValue<int>().ShouldBe(1);
        (await studio.PostAsync("/bulk-actions/delete/workflow-definitions/by-definition-id", new JsonObject { ["definitionIds"] = new JsonArray("pruned", "nope") }))["deleted"]!.GetValue<int>().ShouldBe(1);
    }

    [Fact]
    public async Task Names_are_unique_where_no_other_dag_has_them()
    {
        await studio.CreateAsync("A name");

        (await studio.GetAsync("/workflow-definitions/validation/is-name-unique?name=a%20NAME"))["isUnique"]!.GetValue<bool>().ShouldBeFalse();
        (await studio.GetAsync("/workflow-definitions/validation/is-name-unique?name=A%20name&definitionId=a-name"))["isUnique"]!.GetValue<bool>().ShouldBeTrue();
        (await studio.GetAsync("/workflow-definitions/validation/is-name-unique?name=Another"))["isUnique"]!.GetValue<bool>().ShouldBeTrue();
    }

    [Fact]
    public async Task Exports_are_files_one_or_many()
    {
        var one = await server.Client.GetAsync("/elsa/api/workflow-definitions/churn-daily/export?versionOptions=1&includeConsumingWorkflows=False");
        one.Content.Headers.ContentDisposition!.FileName.ShouldBe("churn-daily.json");
        JsonNode.Parse(await one.Content.ReadAsStringAsync())!["definitionId"]!.GetValue<string>().ShouldBe("churn-daily");

        var many = await studio.SendAsync(HttpMethod.Post, "/bulk-actions/export/workflow-definitions", new JsonObject { ["ids"] = new JsonArray("churn-daily:1") });
        using var zip = new ZipArchive(await many.Content.ReadAsStreamAsync());
        zip.Entries.Select(entry => entry.FullName).ShouldBe(["churn-daily.json"]);
    }

    [Fact]
    public async Task Parts_of_a_definition_are_found_by_node_id()
    {
        var whole = await studio.GetAsync("/workflow-definitions/subgraph/churn-daily:1");
        var node = whole["children"]![0]!["nodeId"]!.GetValue<string>();

        (await studio.GetAsync($"/workflow-definitions/subgraph/churn-daily:1?parentNodeId={node}"))["activity"]!["nodeId"]!.GetValue<string>().ShouldBe(node);
        var segments = await studio.GetAsync($"/workflow-definitions/subgraph/segments/churn-daily:1?childNodeId={node}");
        segments["childNode"]!["nodeId"]!.GetValue<string>().ShouldBe(node);
        segments["container"]!["nodeId"]!.GetValue<string>().ShouldBe(whole["nodeId"]!.GetValue<string>());
    }
}
