using System.Net;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Server.Tests.Api;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Dashboards;

public sealed class ModelPageTests(RunningServer server) : IClassFixture<RunningServer>
{
    [Fact]
    public async Task Versions_are_listed_shown_promoted_and_rolled_back()
    {
        var name = $"shop_{Guid.NewGuid():n}";
        await RegisterAsync(name, run: 1);
        await RegisterAsync(name, run: 2);

        (await PageAsync("/models")).ShouldContain(name);
        var page = await PageAsync($"/models/{name}");
        page.ShouldContain($"{name} v2");
        page.ShouldContain("recency_days");
        page.ShouldContain("ROC-AUC");

        var (status, refused) = await PostAsync($"/models/{name}/2/promote", ("comment", ""));
        status.ShouldBe(HttpStatusCode.BadRequest);
        refused.ShouldContain($"The gates have never judged {name} v2");
        (await PostAsync($"/models/{name}/1/promote", ("force", "true"))).Page.ShouldContain("It is the champion: the next scoring uses it.");
        (await PostAsync($"/models/{name}/2/promote", ("force", "true"), ("comment", "season over"))).Page.ShouldContain("season over");
        (await ChampionAsync(name)).ShouldBe(2);

        (await PostAsync($"/models/{name}/2/rollback", ("comment", "too many false alarms"))).Page.ShouldContain("Rolled back: this version is the champion again.");
        (await ChampionAsync(name)).ShouldBe(1);
        (await PageAsync($"/models/{name}/1")).ShouldNotContain("Roll back to the version before");
    }

    [Fact]
    public async Task Two_versions_of_other_test_rows_are_compared_with_a_warning()
    {
        var name = $"shop_{Guid.NewGuid():n}";
        await RegisterAsync(name, run: 1);
        await RegisterAsync(name, run: 2, testDay: 9);

        var page = await PageAsync($"/models/{name}/compare?first=1&second=2");
        page.ShouldContain("tested on different rows");
        page.ShouldContain("Settings that differ");
    }

    [Fact]
    public async Task What_does_not_exist_is_not_found()
    {
        foreach (var address in (string[])["/models/nope", "/models/nope/1", "/models/nope/compare?first=1&second=2"])
            (await server.Web.Client.GetAsync(address)).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    [Fact]
    public async Task A_model_whose_file_was_altered_is_not_promoted()
    {
        var name = $"shop_{Guid.NewGuid():n}";
        var version = await RegisterAsync(name, run: 1);
        await File.AppendAllTextAsync(Path.Combine(server.Web.Services.GetRequiredService<PipelineOptions>().Home, version.Folder, "model.json"), " ");

        var (status, page) = await PostAsync($"/models/{name}/1/promote", ("force", "true"));
        status.ShouldBe(HttpStatusCode.BadRequest);
        page.ShouldContain("is not the registered one");
    }

    private Task<ModelVersion> RegisterAsync(string name, long run, int testDay = 8) => RegisteredModel.AddAsync(server.Web.Services, name, run, testDay: testDay);

    private async Task<int?> ChampionAsync(string name) =>
        (await server.Web.Services.GetRequiredService<ModelRegistry>().FindChampionAsync(name, CancellationToken.None))?.Version;

    private async Task<string> PageAsync(string address)
    {
        using var response = await server.Web.Client.GetAsync(address);
        response.StatusCode.ShouldBe(HttpStatusCode.OK);
        return await response.Content.ReadAsStringAsync();
    }

    private async Task<(HttpStatusCode Status, string Page)> PostAsync(string address, params (string Name, string Value)[] fields)
    {
        using var request = new HttpRequestMessage(HttpMethod.Post, address)
        {
            Content = new FormUrlEncodedContent(fields.Select(field => KeyValuePair.Create(field.Name, field.Value))),
        };
        request.Headers.Add("Origin", server.Web.Address);
        using var response = await server.Web.Client.SendAsync(request);
        return (response.StatusCode, await response.Content.ReadAsStringAsync());
    }
}
