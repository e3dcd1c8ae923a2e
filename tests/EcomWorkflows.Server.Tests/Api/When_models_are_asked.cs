using System.Net;
using System.Net.Http.Json;
using System.Text;
using System.Text.Json;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Pipeline.Features.Definitions;
using EcomWorkflows.Pipeline.Training;
using EcomWorkflows.Pipeline.Training.Registry;
using Microsoft.Extensions.DependencyInjection;
using Npgsql;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Api;

public sealed class When_models_are_asked(RunningServer server) : IClassFixture<RunningServer>
{
    private const string View =
        """
        { "views": [ { "name": "served_basket", "description": "d", "entities": ["customer"], "source": { "push": true }, "ttl": "1h",
          "features": [ { "name": "recency_days", "type": "double", "description": "d" }, { "name": "lines", "type": "int64", "description": "d" } ] } ] }
        """;

    [Theory]
    [InlineData("""{"dataframe_split": {"columns": ["lines", "recency_days"], "index": [0, 1], "data": [[1, 4.5], [2, null]]}}""")]
    [InlineData("""{"dataframe_records": [{"recency_days": 4.5, "lines": 1}, {"lines": 2, "recency_days": null}], "params": {}}""")]
    [InlineData("""{"instances": [{"recency_days": 4.5, "lines": 1}, [null, 2]]}""")]
    [InlineData("""{"inputs": {"lines": [1, 2], "recency_days": [4.5, null]}}""")]
    [InlineData("""{"inputs": [[4.5, 1], [null, 2]]}""")]
    public async Task Rows_in_every_form_of_the_protocol_are_predicted(string body)
    {
        var version = await ChampionAsync(["recency_days", "lines"]);
        using var model = server.Web.Services.GetRequiredService<ModelLoader>().Load(version);
        var expected = model.Predict(new FeatureTable(model.FeatureNames, [4.5f, 1, float.NaN, 2], 2));

        var (status, answer) = await AskAsync($"/models/{version.Name}/invocations", body);

        status.ShouldBe(HttpStatusCode.OK);
        answer.GetProperty("predictions").EnumerateArray().Select(one => one.GetSingle()).ShouldBe(expected);
        answer.GetProperty("labels").EnumerateArray().Select(one => one.GetInt32()).ShouldBe(expected.Select(probability => probability >= version.Threshold ? 1 : 0));
        answer.GetProperty("threshold").GetSingle().ShouldBe(version.Threshold);
        (answer.GetProperty("model_name").GetString(), answer.GetProperty("model_version").GetInt32()).ShouldBe((version.Name, 1));
    }

    [Theory]
    [InlineData("[1]", "The body must be a JSON object with one of dataframe_split, dataframe_records, instances, inputs, entities.")]
    [InlineData("{", "The body is not the JSON object expected")]
    [InlineData("{}", "The body lacks the rows to predict")]
    [InlineData("""{"instances": [], "inputs": []}""", "both instances and inputs")]
    [InlineData("""{"rows": []}""", "The body has 'rows', which the protocol does not know")]
    [InlineData("""{"instances": [], "params": {"a": 1}}""", "The model's signature has no parameters")]
    [InlineData("""{"dataframe_split": {"columns": ["lines", "age"], "data": []}}""", "dataframe_split.columns lacks the columns recency_days and has columns the model does not know: age. The signature is recency_days float, lines float.")]
    [InlineData("""{"dataframe_split": {"columns": ["lines", "recency_days", "lines"], "data": []}}""", "dataframe_split.columns names 'lines' twice.")]
    [InlineData("""{"dataframe_split": {"columns": ["lines", "recency_days"], "data": [[1]]}}""", "dataframe_split.data[0] must be a list of 2 values, one per column; it has 1.")]
    [InlineData("""{"dataframe_split": {"columns": ["lines", "recency_days"]}}""", "data is missing")]
    [InlineData("""{"dataframe_split": {"columns": "lines", "data": []}}""", "columns is missing or not a list of texts")]
    [InlineData("""{"dataframe_split": {"rows": []}}""", "dataframe_split has 'rows'")]
    [InlineData("""{"dataframe_records": [{"lines": 1, "recency_days": 2}, {"lines": 1}]}""", "dataframe_records[1] lacks the column 'recency_days'. The signature is")]
    [InlineData("""{"dataframe_records": [{"lines": 1, "recency_days": 2, "age": 3}]}""", "dataframe_records[0] has the column 'age', which the model does not know.")]
    [InlineData("""{"dataframe_records": [{"lines": "one", "recency_days": 2}]}""", "dataframe_records[0], column 'lines': \"one\" is no float; allowed are finite numbers, and null where the value is not known.")]
    [InlineData("""{"dataframe_records": [{"lines": 1e300, "recency_days": 2}]}""", "column 'lines': 1e300 is no float")]
    [InlineData("""{"dataframe_records": [3]}""", "dataframe_records[0] must be an object")]
    [InlineData("""{"inputs": {"lines": [1, 2], "recency_days": [1]}}""", "inputs.recency_days has 1 values, inputs.lines has 2")]
    [InlineData("""{"inputs": {"lines": 1, "recency_days": [1]}}""", "inputs.lines must be a list")]
    [InlineData("""{"entities": {"customer_id": "C1"}}""", "entities.customer_id must be a list with one value per row")]
    [InlineData("""{"entities": {}}""", "entities must be an object of lists")]
    public async Task What_does_not_fit_the_signature_is_refused_by_name(string body, string message)
    {
        var version = await ChampionAsync(["recency_days", "lines"]);

        var (status, answer) = await AskAsync($"/models/{version.Name}/invocations", body);

        status.ShouldBe(HttpStatusCode.BadRequest);
        answer.GetProperty("error_code").GetString().ShouldBe("BAD_REQUEST");
        answer.GetProperty("message").GetString()!.ShouldContain(message);
    }

    [Fact]
    public async Task A_body_too_large_for_one_request_is_refused_in_the_words_of_the_protocol()
    {
        var version = await ChampionAsync(["recency_days", "lines"]);

        using var request = new HttpRequestMessage(HttpMethod.Post, $"/models/{version.Name}/invocations")
        {
            Content = new StringContent($$"""{"instances": [[1, 2]{{new string(' ', 30_000_000)}}]}""", Encoding.UTF8, "application/json"),
        };
        // Asks before it sends, so that the answer is not lost with the connection.
        request.Headers.ExpectContinue = true;

        using var response = await server.Web.Client.SendAsync(request);

        response.StatusCode.ShouldBe(HttpStatusCode.RequestEntityTooLarge);
        var answer = JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync());
        answer.GetProperty("error_code").GetString().ShouldBe("BAD_REQUEST");
        answer.GetProperty("message").GetString().ShouldBe("The body has more than 30000000 bytes, the most one request may have. Send the rows in several requests.");
    }

    [Fact]
    public async Task A_version_or_an_alias_is_asked_by_path_and_by_query()
    {
        var name = (await ChampionAsync(["recency_days"])).Name;
        await RegisteredModel.AddAsync(server.Web.Services, name, run: 2, falls: true);
        await Aliases.PromoteAsync(name, 2, "shadow", "ana", null, force: true, CancellationToken.None);
        const string Row = """{"dataframe_records": [{"recency_days": 4}]}""";

        foreach (var (address, version) in new[]
        {
            ($"/models/{name}/invocations", 1), ($"/models/{name}@shadow/invocations", 2), ($"/models/{name}/2/invocations", 2), ($"/models/{name}/v2/invocations", 2),
            ($"/models/{name}/invocations?version=shadow", 2), ($"/models/{name}/invocations?version=2", 2), ($"/models/{name}/champion/invocations", 1),
        })
            (await AskAsync(address, Row)).Answer.GetProperty("model_version").GetInt32().ShouldBe(version, address);

        foreach (var (address, message) in new[]
        {
            ("/models/nope/invocations", "There is no model 'nope'."), ($"/models/{name}/9/invocations", $"{name} has no version 9; it has v2, v1."),
            ($"/models/{name}@best/invocations", $"{name} has no alias 'best'; it has v2, v1."),
        })
        {
            var (status, answer) = await AskAsync(address, Row);
            (status, answer.GetProperty("error_code").GetString()).ShouldBe((HttpStatusCode.NotFound, "RESOURCE_DOES_NOT_EXIST"));
            answer.GetProperty("message").GetString()!.ShouldContain(message);
        }

        (await AskAsync($"/models/{name}@shadow/invocations?version=1", Row)).Status.ShouldBe(HttpStatusCode.BadRequest);
        using var csv = await server.Web.Client.PostAsync($"/models/{name}/invocations", new StringContent("recency_days\n4\n", Encoding.UTF8, "text/csv"));
        csv.StatusCode.ShouldBe(HttpStatusCode.UnsupportedMediaType);
    }

    [Fact]
    public async Task Entities_are_predicted_from_the_online_store_and_what_is_missing_or_expired_is_told()
    {
        var folder = Directory.CreateDirectory(Path.Combine(server.Web.Home, "workflows", "features")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "served.json"), View);
        await server.Web.Services.GetRequiredService<FeatureApplication>().ApplyAsync(CancellationToken.None);
        var version = await ChampionAsync(["recency_days", "lines"], view: "served_basket");
        var now = DateTimeOffset.UtcNow;
        await PushAsync("ann", 4.5, 1, now.AddMinutes(-1));
        await PushAsync("bob", 4.5, null, now.AddMinutes(-1));
        await PushAsync("eve", 4.5, 1, now.AddHours(-2));
        using var model = server.Web.Services.GetRequiredService<ModelLoader>().Load(version);
        var expected = model.Predict(new FeatureTable(model.FeatureNames, [4.5f, 1, 4.5f, float.NaN], 2));

        var (status, answer) = await AskAsync($"/models/{version.Name}/invocations", """{"entities": {"customer_id": ["ann", "bob", "eve", "zoe"]}}""");

        status.ShouldBe(HttpStatusCode.MultiStatus);
        var predictions = answer.GetProperty("predictions").EnumerateArray().ToArray();
        (predictions[0].GetSingle(), predictions[1].GetSingle()).ShouldBe((expected[0], expected[1]));
        predictions[2..].ShouldAllBe(one => one.ValueKind == JsonValueKind.Null);
        answer.GetProperty("labels")[3].ValueKind.ShouldBe(JsonValueKind.Null);
        var entities = answer.GetProperty("entities").EnumerateArray().ToArray();
        entities.Select(one => one.GetProperty("status").GetString()).ShouldBe(["PRESENT", "NULL_VALUE", "OUTSIDE_MAX_AGE", "NOT_FOUND"]);
        entities[1].GetProperty("features").EnumerateArray().Select(one => one.GetString()).ShouldBe(["lines"]);
        entities[2].GetProperty("features").EnumerateArray().Select(one => one.GetString()).ShouldBe(["recency_days", "lines"]);
        entities[0].GetProperty("event_timestamp").GetDateTimeOffset().ShouldBe(now.AddMinutes(-1), TimeSpan.FromMilliseconds(1));
        entities[3].TryGetProperty("event_timestamp", out _).ShouldBeFalse();

        (await AskAsync($"/models/{version.Name}/invocations", """{"entities": {"customer_id": ["ann", "bob"]}}""")).Status.ShouldBe(HttpStatusCode.OK);
        var (refused, wrong) = await AskAsync($"/models/{version.Name}/invocations", """{"entities": {"product_id": ["p1"]}}""");
        refused.ShouldBe(HttpStatusCode.BadRequest);
        wrong.GetProperty("message").GetString()!.ShouldContain("entities must hold 'customer_id'");
    }

    [Fact]
    public async Task Promotions_and_rollbacks_under_traffic_fail_no_request_and_every_answer_is_of_one_version()
    {
        var name = (await ChampionAsync(["recency_days"])).Name;
        await RegisteredModel.AddAsync(server.Web.Services, name, run: 2, falls: true);
        var expected = new Dictionary<int, float[]>();
        for (var version = 1; version <= 2; version++)
        {
            using var model = server.Web.Services.GetRequiredService<ModelLoader>().Load((await Registry.FindAsync(name, version, CancellationToken.None))!);
            expected[version] = model.Predict(new FeatureTable(model.FeatureNames, [4, 1], 2));
        }

        using var end = new CancellationTokenSource();
        var seen = new int[3];
        async Task TrafficAsync()
        {
            while (!end.IsCancellationRequested)
            {
                var (status, answer) = await AskAsync($"/models/{name}/invocations", """{"instances": [[4], [1]]}""");
                status.ShouldBe(HttpStatusCode.OK);
                var version = answer.GetProperty("model_version").GetInt32();
                answer.GetProperty("predictions").EnumerateArray().Select(one => one.GetSingle()).ShouldBe(expected[version]);
                Interlocked.Increment(ref seen[version]);
            }
        }

        Task[] traffic = [.. Enumerable.Range(0, 4).Select(_ => Task.Run(TrafficAsync))];
        try
        {
            for (var round = 0; round < 5; round++)
            {
                await Aliases.PromoteAsync(name, 2, ModelRegistry.Champion, "ana", null, force: true, CancellationToken.None);
                await AnswersAsync(name, 2);
                await Aliases.RollbackAsync(name, ModelRegistry.Champion, "ana", null, CancellationToken.None);
                await AnswersAsync(name, 1);
            }
        }
        finally
        {
            await end.CancelAsync();
        }

        await Task.WhenAll(traffic);
        seen[1].ShouldBeGreaterThan(0);
        seen[2].ShouldBeGreaterThan(0);
    }

    [Fact]
    public async Task A_version_that_cannot_be_loaded_is_refused_and_does_not_take_the_place_of_one_that_answers()
    {
        var name = (await ChampionAsync(["recency_days"])).Name;
        const string Row = """{"instances": [[4]]}""";
        (await AskAsync($"/models/{name}/invocations", Row)).Status.ShouldBe(HttpStatusCode.OK);
        var second = await RegisteredModel.AddAsync(server.Web.Services, name, run: 2);
        var file = Path.Combine(server.Web.Services.GetRequiredService<PipelineOptions>().Home, second.Folder, "model.json");
        await File.WriteAllBytesAsync(file, (await File.ReadAllBytesAsync(file))[..^20]);

        var (status, answer) = await AskAsync($"/models/{name}/2/invocations", Row);
        (status, answer.GetProperty("error_code").GetString()).ShouldBe((HttpStatusCode.ServiceUnavailable, "TEMPORARILY_UNAVAILABLE"));
        answer.GetProperty("message").GetString()!.ShouldContain($"the file {file} is not the registered one");

        await Aliases.PromoteAsync(name, 2, ModelRegistry.Champion, "ana", null, force: true, CancellationToken.None);
        for (var request = 0; request < 20; request++)
        {
            (await AskAsync($"/models/{name}/invocations", Row)).Answer.GetProperty("model_version").GetInt32().ShouldBe(1);
            await Task.Delay(10);
        }
    }

    [Fact]
    public async Task A_model_of_another_feature_service_is_refused_by_the_features_that_are_missing()
    {
        var folder = Directory.CreateDirectory(Path.Combine(server.Web.Home, "workflows", "features")).FullName;
        await File.WriteAllTextAsync(Path.Combine(folder, "served.json"), View);
        await File.WriteAllTextAsync(
            Path.Combine(folder, "narrow.json"), """{ "services": [ { "name": "narrow", "description": "d", "features": ["served_basket:lines"] } ] }""");
        await server.Web.Services.GetRequiredService<FeatureApplication>().ApplyAsync(CancellationToken.None);
        var version = await ChampionAsync(["recency_days", "lines"], view: "served_basket");
        await using (var use = server.Web.Services.GetRequiredService<NpgsqlDataSource>().CreateCommand(
            $"insert into features.service_use (service, service_version, model, model_version) values ('narrow', 1, '{version.Name}', 1)"))
            await use.ExecuteNonQueryAsync();

        var (status, answer) = await AskAsync($"/models/{version.Name}/invocations", """{"entities": {"customer_id": ["ann"]}}""");

        status.ShouldBe(HttpStatusCode.ServiceUnavailable);
        answer.GetProperty("message").GetString()!.ShouldContain($"The model {version.Name} v1 asks for recency_days, which its feature service narrow v1 does not have.");
    }

    private ModelAliases Aliases => server.Web.Services.GetRequiredService<ModelAliases>();

    private ModelRegistry Registry => server.Web.Services.GetRequiredService<ModelRegistry>();

    private async Task<ModelVersion> ChampionAsync(string[] features, string view = "shop_customer_activity")
    {
        var version = await RegisteredModel.AddAsync(server.Web.Services, $"served_{Guid.NewGuid():n}", run: 1, features: features, view: view);
        await Aliases.PromoteAsync(version.Name, 1, ModelRegistry.Champion, "ana", null, force: true, CancellationToken.None);
        return version;
    }

    private async Task AnswersAsync(string name, int version)
    {
        var deadline = DateTimeOffset.UtcNow.AddSeconds(20);
        while ((await AskAsync($"/models/{name}/invocations", """{"instances": [[4]]}""")).Answer.GetProperty("model_version").GetInt32() != version)
            DateTimeOffset.UtcNow.ShouldBeLessThan(deadline, $"v{version} of {name} never took its place");
    }

    private async Task PushAsync(string customer, double recency, int? lines, DateTimeOffset at)
    {
        using var pushed = await server.Web.Client.PostAsJsonAsync("/push", new
        {
            push_source_name = "served_basket",
            to = "online",
            df = new { customer_id = new[] { customer }, event_timestamp = new[] { at.UtcDateTime }, recency_days = new[] { recency }, lines = new[] { lines } },
        });
        pushed.StatusCode.ShouldBe(HttpStatusCode.OK);
    }

    private async Task<(HttpStatusCode Status, JsonElement Answer)> AskAsync(string address, string body)
    {
        using var response = await server.Web.Client.PostAsync(address, new StringContent(body, Encoding.UTF8, "application/json"));
        return (response.StatusCode, JsonSerializer.Deserialize<JsonElement>(await response.Content.ReadAsStringAsync()));
    }
}
