using System.Net;
using System.Text.RegularExpressions;
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
        {
            var answer = await server.Web.Client.GetAsync(address);
            answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
            (await answer.Content.ReadAsStringAsync()).ShouldMatch("There is no model &#x27;nope&#x27;(; there are |, nor any other yet)");
        }
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

    [Fact]
    public async Task The_model_card_is_a_page_and_its_text_stays_reachable()
    {
        var name = $"shop_{Guid.NewGuid():n}";
        await WriteCardAsync(await RegisterAsync(name, run: 1), "# shop\n\n**Purpose.** Ranks customers.\n\n| metric | value |\n|---|---|\n| ROC-AUC | 0.9 |\n");
        (await PageAsync($"/models/{name}/1")).ShouldContain($"href=\"/models/{name}/1/card\"");

        var page = await PageAsync($"/models/{name}/1/card");
        page.ShouldContain("<strong>Purpose.</strong> Ranks customers.");
        page.ShouldContain("<td>ROC-AUC</td>");
        page.ShouldContain("<nav aria-label=\"Main\">");
        Regex.Count(page, "<h1").ShouldBe(1);
        var raw = $"/models/{name}/v1/model_card.md";
        page.ShouldContain($"href=\"{raw}\"");
        (await PageAsync(raw)).ShouldContain("**Purpose.**");
    }

    [Fact]
    public async Task What_names_bring_into_a_model_card_is_text_and_no_markup()
    {
        var name = $"shop_{Guid.NewGuid():n}";
        await WriteCardAsync(await RegisterAsync(name, run: 1), """
            # shop

            **Strongest drivers.** <script>alert(1)</script> (high values raise it), <javascript:alert(2)>, [spent](javascript:alert(3)), ![seen](https://elsewhere.example/x.png).

            <img src=x onerror=alert(4)>

            | [slice](javascript:alert(5)) | value |
            |---|---|
            | <b>a</b> | 1 |

            [spent]: javascript:alert(6)
            """);

        var page = await PageAsync($"/models/{name}/1/card");
        var card = page[page.IndexOf("<article", StringComparison.Ordinal)..page.IndexOf("</article>", StringComparison.Ordinal)];
        card.ShouldContain("&lt;script&gt;alert(1)&lt;/script&gt;");
        card.ShouldContain("&lt;img src=x onerror=alert(4)&gt;");
        card.ShouldContain("<td>&lt;b&gt;a&lt;/b&gt;</td>");
        card.ShouldContain("[spent](javascript:alert(3))");
        foreach (var element in (string[])["<script", "<img", "<a ", "<b>"])
            card.ShouldNotContain(element);
    }

    [Fact]
    public async Task A_version_without_a_model_card_says_so()
    {
        var name = $"shop_{Guid.NewGuid():n}";
        await RegisterAsync(name, run: 1);

        var answer = await server.Web.Client.GetAsync($"/models/{name}/1/card");
        answer.StatusCode.ShouldBe(HttpStatusCode.NotFound);
        (await answer.Content.ReadAsStringAsync()).ShouldContain($"{name} v1 has no model card");
        (await server.Web.Client.GetAsync($"/models/{name}/2/card")).StatusCode.ShouldBe(HttpStatusCode.NotFound);
    }

    private Task WriteCardAsync(ModelVersion version, string text) =>
        File.WriteAllTextAsync(Path.Combine(server.Web.Services.GetRequiredService<PipelineOptions>().Home, version.Folder, "model_card.md"), text);

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
