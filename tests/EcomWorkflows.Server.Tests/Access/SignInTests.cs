using System.Net;
using System.Net.Http.Headers;
using System.Net.Http.Json;
using System.Text.Json.Nodes;
using Dapper;
using EcomWorkflows.Server.Access;
using EcomWorkflows.Testing;
using EcomWorkflows.Testing.Web;
using Microsoft.Extensions.DependencyInjection;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Server.Tests.Access;

public sealed class SignInTests(PostgresFixture postgres) : IClassFixture<PostgresFixture>, IAsyncLifetime
{
    private const string Password = "correct horse battery";
    private WebServer server = null!;

    private AccountStore Accounts => server.Services.GetRequiredService<AccountStore>();

    public async Task InitializeAsync() => server = await WebServer.StartAsync(postgres.ConnectionString, isOpen: false);

    public async Task DisposeAsync() => await server.DisposeAsync();

    [Fact]
    public async Task The_anonymous_get_nothing_programs_a_401_people_the_sign_in_page()
    {
        using var anonymous = Client();

        foreach (var path in (string[])["/api/v2/dags", "/elsa/api/workflow-definitions", "/openapi/v2.json", "/metrics"])
            (await anonymous.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        foreach (var path in (string[])["/get-online-features", "/models/churn/invocations", "/models/churn/2/invocations"])
            (await anonymous.PostAsJsonAsync(path, new { })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized, path);
        var page = await anonymous.GetAsync("/dags/churn-daily?notice=x");
        page.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        page.Headers.Location!.ToString().ShouldBe("/sign-in?to=%2Fdags%2Fchurn-daily%3Fnotice%3Dx");
        foreach (var path in (string[])["/studio/", "/models", "/models/churn/2", "/models/churn/v2/report.html", "/reports/quality/index.html"])
            (await anonymous.GetAsync(path)).StatusCode.ShouldBe(HttpStatusCode.Redirect, path);
    }

    [Fact]
    public async Task A_person_signs_in_by_the_page_goes_where_they_wanted_and_out_again()
    {
        var name = await AddAsync(Role.Viewer);
        using var browser = Client();

        var answer = await browser.PostAsync("/sign-in", Form(("name", name.ToUpperInvariant()), ("password", Password), ("to", "/dags/churn-daily")));

        answer.StatusCode.ShouldBe(HttpStatusCode.Redirect);
        answer.Headers.Location!.ToString().ShouldBe("/dags/churn-daily");
        var cookie = answer.Headers.GetValues("Set-Cookie").Single();
        cookie.ShouldContain("httponly", Case.Insensitive);
        cookie.ShouldContain("samesite=lax", Case.Insensitive);
        var html = await (await browser.GetAsync("/dags/churn-daily")).Content.ReadAsStringAsync();
        html.ShouldContain($"<span>{name}</span>");
        (await browser.PostAsync("/sign-out", null)).StatusCode.ShouldBe(HttpStatusCode.Redirect);
        (await browser.GetAsync("/dags/churn-daily")).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Theory]
    [InlineData("//evil.example/")]
    [InlineData("https://evil.example/")]
    [InlineData("/\\evil.example")]
    [InlineData("relative")]
    public async Task The_page_never_leads_to_another_site(string to)
    {
        var name = await AddAsync(Role.Viewer);
        using var browser = Client();

        var answer = await browser.PostAsync("/sign-in", Form(("name", name), ("password", Password), ("to", to)));

        answer.Headers.Location!.ToString().ShouldBe("/");
    }

    [Fact]
    public async Task Five_wrong_passwords_lock_the_account_and_every_refusal_reads_the_same()
    {
        var name = await AddAsync(Role.Viewer);
        using var browser = Client();
        var unknown = await (await browser.PostAsync("/sign-in", Form(("name", "nobody-here"), ("password", Password)))).Content.ReadAsStringAsync();

        for (var i = 0; i < SignIn.MaxFailures; i++)
            (await browser.PostAsync("/sign-in", Form(("name", name), ("password", "wrong password")))).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        var locked = await browser.PostAsync("/sign-in", Form(("name", name), ("password", Password)));

        locked.StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
        (await locked.Content.ReadAsStringAsync()).Replace(name, "nobody-here", StringComparison.Ordinal).ShouldBe(unknown);
        await using (var connection = await postgres.DataSource.OpenConnectionAsync())
            await connection.ExecuteAsync("update access.account set locked_until = now() - interval '1 second' where name = @name", new { name });
        (await browser.PostAsync("/sign-in", Form(("name", name), ("password", Password)))).StatusCode.ShouldBe(HttpStatusCode.Redirect);
    }

    [Fact]
    public async Task A_token_is_for_a_program_and_ends_when_the_account_changes()
    {
        var name = await AddAsync(Role.Operator);
        using var program = Client();
        var answer = await program.PostAsJsonAsync("/api/v2/auth/token", new { username = name, password = Password });
        answer.StatusCode.ShouldBe(HttpStatusCode.Created);
        program.DefaultRequestHeaders.Authorization = new("Bearer", (string)(await answer.Content.ReadFromJsonAsync<JsonObject>())!["access_token"]!);

        (await program.GetAsync("/api/v2/dags")).StatusCode.ShouldBe(HttpStatusCode.OK);
        (await program.PatchAsJsonAsync("/api/v2/dags/churn-daily", new { is_paused = false })).StatusCode.ShouldBe(HttpStatusCode.OK);
        await Accounts.SetPasswordAsync(name, "another long password", "test", CancellationToken.None);

        // A running server may believe what it knows for some seconds.
        await WaitAsync(async () => (await program.GetAsync("/api/v2/dags")).StatusCode == HttpStatusCode.Unauthorized);
        (await program.PostAsJsonAsync("/api/v2/auth/token", new { username = name, password = Password })).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
    }

    [Theory]
    [InlineData("Bearer")]
    [InlineData("ApiKey")]
    public async Task A_key_works_in_both_forms_until_it_is_revoked_and_the_actor_is_its_account(string scheme)
    {
        var name = await AddAsync(Role.Operator);
        var key = await Accounts.AddKeyAsync(name, "test", TimeSpan.FromDays(1), "test", CancellationToken.None);
        using var program = Client();
        program.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue(scheme, key.Text);

        foreach (var paused in (bool[])[true, false])
            (await program.PatchAsJsonAsync("/api/v2/dags/churn-daily", new { is_paused = paused })).StatusCode.ShouldBe(HttpStatusCode.OK);

        await using (var connection = await postgres.DataSource.OpenConnectionAsync())
        {
            (await connection.QueryAsync<string>("select distinct actor from orchestration.event where actor = @name", new { name })).ShouldBe([name]);
            (await connection.ExecuteScalarAsync<long>("select count(*) from access.api_key where position(convert_to(@secret, 'UTF8') in secret_hash) > 0", new { secret = key.Text[^8..] })).ShouldBe(0);
        }
        await Accounts.RevokeKeyAsync(key.KeyId, "test", CancellationToken.None);
        await WaitAsync(async () => (await program.GetAsync("/api/v2/dags")).StatusCode == HttpStatusCode.Unauthorized);
    }

    [Fact]
    public async Task A_role_that_is_too_low_is_told_so_in_the_callers_form()
    {
        var name = await AddAsync(Role.Viewer);
        var key = await Accounts.AddKeyAsync(name, "test", null, "test", CancellationToken.None);
        using var program = Client();
        program.DefaultRequestHeaders.Authorization = new("Bearer", key.Text);

        var api = await program.PostAsJsonAsync("/api/v2/dags/churn-daily/dagRuns", new { });
        api.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await api.Content.ReadAsStringAsync()).ShouldContain("Your role is viewer; this needs operator");
        var page = await program.PostAsync("/dags/churn-daily/pause", Form(("paused", "true")));
        page.StatusCode.ShouldBe(HttpStatusCode.Forbidden);
        (await page.Content.ReadAsStringAsync()).ShouldContain("<h1>You may not do this</h1>");
        var studio = await program.PostAsJsonAsync("/elsa/api/workflow-definitions", new { });
        studio.StatusCode.ShouldBe(HttpStatusCode.BadRequest);
        ((string?)(await studio.Content.ReadFromJsonAsync<JsonObject>())!["errors"]!["access"]![0])!.ShouldContain("this needs editor");

        // Without these links Studio shows its list and editor read-only.
        var definition = (await program.GetFromJsonAsync<JsonObject>("/elsa/api/workflow-definitions/by-definition-id/churn-daily?versionOptions=Latest"))!;
        definition["links"]!.AsArray().Select(link => (string?)link!["rel"]).ShouldBe(["self"]);
        definition["isReadonly"]!.GetValue<bool>().ShouldBeTrue();
        (await program.GetFromJsonAsync<JsonObject>("/elsa/api/workflow-definitions?versionOptions=Latest"))!["links"]!.AsArray().ShouldBeEmpty();
    }

    [Fact]
    public async Task The_last_admin_cannot_be_taken_away()
    {
        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        await connection.ExecuteAsync("delete from access.account where role = 'admin'");
        var name = await AddAsync(Role.Admin);

        foreach (var change in (Func<Task>[])[
            () => Accounts.SetRoleAsync(name, Role.Editor, "test", CancellationToken.None),
            () => Accounts.SetActiveAsync(name, false, "test", CancellationToken.None),
            () => Accounts.DeleteAsync(name, "test", CancellationToken.None)])
            (await Should.ThrowAsync<AccessException>(change)).Message.ShouldContain("only active admin");

        var other = await AddAsync(Role.Admin);
        await Accounts.DeleteAsync(name, "test", CancellationToken.None);
        (await Accounts.ListAsync(CancellationToken.None)).Select(a => a.Name).ShouldContain(other);
    }

    [Fact]
    public async Task Bad_names_and_short_passwords_are_refused_with_what_is_allowed()
    {
        var name = await AddAsync(Role.Viewer);

        (await Should.ThrowAsync<AccessException>(() => Accounts.AddAsync(name.ToUpperInvariant(), Role.Viewer, Password, "test", default))).Message.ShouldContain("already is an account");
        (await Should.ThrowAsync<AccessException>(() => Accounts.AddAsync("two words", Role.Viewer, Password, "test", default))).Message.ShouldContain("letters, digits");
        (await Should.ThrowAsync<AccessException>(() => Accounts.AddAsync("short", Role.Viewer, "secret", "test", default))).Message.ShouldContain("at least 10");
        (await Should.ThrowAsync<AccessException>(() => Accounts.SetRoleAsync("not-there", Role.Viewer, "test", default))).Message.ShouldContain("users list");
    }

    [Fact]
    public async Task The_event_log_tells_of_accounts_but_of_no_secret()
    {
        var name = await AddAsync(Role.Viewer);
        var key = await Accounts.AddKeyAsync(name, "test", null, "test", CancellationToken.None);

        await using var connection = await postgres.DataSource.OpenConnectionAsync();
        var events = (await connection.QueryAsync<string>("select row_to_json(e)::text from orchestration.event e where details->>'subject' = @name", new { name })).AsList();

        events.Count.ShouldBe(2);
        events.ShouldAllBe(e => !e.Contains(key.Text) && !e.Contains(Password));
    }

    private async Task<string> AddAsync(Role role) =>
        (await Accounts.AddAsync($"u{Guid.NewGuid():n}", role, Password, "test", CancellationToken.None)).Name;

    private HttpClient Client() =>
        new(new SocketsHttpHandler { AllowAutoRedirect = false, UseCookies = true }) { BaseAddress = new Uri(server.Address) };

    private static FormUrlEncodedContent Form(params (string Name, string Value)[] fields) => new(fields.Select(f => KeyValuePair.Create(f.Name, f.Value)));

    private static async Task WaitAsync(Func<Task<bool>> condition)
    {
        using var patience = new CancellationTokenSource(TimeSpan.FromSeconds(90));
        while (!await condition())
            await Task.Delay(100, patience.Token);
    }
}
