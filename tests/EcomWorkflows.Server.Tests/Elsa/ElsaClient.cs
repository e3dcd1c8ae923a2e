using System.Net;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Shouldly;

namespace EcomWorkflows.Server.Tests.Elsa;

/// <summary>Talks to Elsa's API as one window of Studio does.</summary>
internal sealed class ElsaClient(HttpClient http, string window)
{
    private const string Api = "/elsa/api";

    public async Task<JsonObject> GetAsync(string path) => await BodyAsync(await http.GetAsync(Api + path));

    public Task<JsonObject> LatestAsync(string dagId) => GetAsync($"/workflow-definitions/by-definition-id/{dagId}?versionOptions=Latest");

    public async Task<JsonObject> PostAsync(string path, JsonNode? body = null) => await BodyAsync(await SendAsync(HttpMethod.Post, path, body));

    public Task<HttpResponseMessage> SendAsync(HttpMethod method, string path, JsonNode? body = null)
    {
        var request = new HttpRequestMessage(method, Api + path) { Content = body is null ? null : JsonContent.Create(body) };
        request.Headers.Add("X-Studio-Window", window);
        return http.SendAsync(request);
    }

    public async Task<JsonObject> SaveAsync(JsonObject model, bool publish = false) =>
        (JsonObject)(await PostAsync("/workflow-definitions", new JsonObject { ["model"] = model.DeepClone(), ["publish"] = publish }))["workflowDefinition"]!;

    /// <summary>The messages of a save that is refused in the form Studio shows.</summary>
    public async Task<IReadOnlyList<string>> RefusalAsync(JsonObject model, bool publish = false) =>
        await MessagesAsync(await SendAsync(HttpMethod.Post, "/workflow-definitions", new JsonObject { ["model"] = model.DeepClone(), ["publish"] = publish }));

    public static async Task<IReadOnlyList<string>> MessagesAsync(HttpResponseMessage answer)
    {
        answer.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        answer.Content.Headers.ContentType!.MediaType.ShouldBe("application/problem+json");
        var errors = (await answer.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!.AsObject();
        return [.. errors.SelectMany(error => error.Value!.AsArray().Select(message => message!.GetValue<string>()))];
    }

    /// <summary>A new DAG with one task, as Studio's create dialog and palette make it.</summary>
    public async Task<JsonObject> CreateAsync(string name)
    {
        var created = await SaveAsync(new JsonObject
        {
            ["definitionId"] = null,
            ["id"] = null,
            ["name"] = name,
            ["variables"] = null,
            ["inputs"] = null,
            ["options"] = null,
            ["root"] = new JsonObject { ["id"] = "3ba907faf47deb", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["name"] = "Flowchart1" },
        });
        AddTask(created, "Ingest1");
        return await SaveAsync(created);
    }

    public static void AddTask(JsonObject definition, string name) => definition["root"]!["activities"]!.AsArray().Add(new JsonObject
    {
        ["id"] = "id-" + name,
        ["name"] = name,
        ["type"] = "Ecom.Ingest",
        ["version"] = 1,
        ["metadata"] = new JsonObject { ["designer"] = new JsonObject { ["position"] = new JsonObject { ["x"] = 10.5, ["y"] = 20 }, ["size"] = new JsonObject { ["width"] = 148.8, ["height"] = 54 } } },
        ["source"] = Text("shop"),
    });

    public static void Connect(JsonObject definition, string from, string to) => definition["root"]!["connections"]!.AsArray().Add(new JsonObject
    {
        ["source"] = new JsonObject { ["activity"] = "id-" + from, ["port"] = "Done" },
        ["target"] = new JsonObject { ["activity"] = "id-" + to, ["port"] = "In" },
        ["vertices"] = new JsonArray(),
    });

    /// <summary>A value as Studio writes it after an edit.</summary>
    public static JsonObject Text(string value) => new() { ["typeName"] = null, ["expression"] = new JsonObject { ["type"] = "Literal", ["value"] = value }, ["memoryReference"] = null };

    private static async Task<JsonObject> BodyAsync(HttpResponseMessage answer)
    {
        var text = await answer.Content.ReadAsStringAsync();
        answer.IsSuccessStatusCode.ShouldBeTrue($"{(int)answer.StatusCode} {text}");
        return JsonNode.Parse(text)!.AsObject();
    }
}
