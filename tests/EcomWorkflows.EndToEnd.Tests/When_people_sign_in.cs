using System.Net;
using System.Net.Http.Headers;
using Microsoft.Playwright;
using Shouldly;
using Xunit;
using static Microsoft.Playwright.Assertions;

namespace EcomWorkflows.EndToEnd.Tests;

public sealed class When_people_sign_in(Browser browser) : IClassFixture<Browser>
{
    private static readonly LocatorAssertionsToBeVisibleOptions Patient = new() { Timeout = 60_000 };

    [Fact]
    public async Task Studio_opens_after_sign_in_and_a_program_gets_in_with_its_key()
    {
        using var program = new EcomProgram();
        (await program.TypeAsync("short\n", "users", "add", "ann", "--role", "editor")).Errors.ShouldContain("at least 10");
        var added = await program.TypeAsync("correct horse battery\n", "users", "add", "ann", "--role", "editor");
        added.ExitCode.ShouldBe(0, added.Errors);
        var key = await program.RunAsync("users", "keys", "add", "ann", "--for", "end-to-end test", "--days", "1");
        key.ExitCode.ShouldBe(0, key.Errors);

        using var server = program.Start("serve");
        try
        {
            await program.WaitForServerAsync();
            await using var watched = await browser.OpenAsync();
            var page = watched.Page;
            await page.GotoAsync(program.Address + "/studio/");
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
            await watched.PictureAsync("sign-in");
            await page.GetByLabel("Name").FillAsync("ann");
            await page.GetByLabel("Password").FillAsync("correct horse battery");
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign in" }).ClickAsync();

            await Expect(page.GetByRole(AriaRole.Cell, new() { Name = "churn-daily" }).First).ToBeVisibleAsync(Patient);
            await page.GotoAsync(program.Address);
            await Expect(page.Locator(".account")).ToContainTextAsync("ann");
            await page.GetByRole(AriaRole.Button, new() { Name = "Sign out" }).ClickAsync();
            await Expect(page.GetByRole(AriaRole.Heading, new() { Name = "Sign in" })).ToBeVisibleAsync();
            watched.ShouldBeClean();

            using var client = new HttpClient { BaseAddress = new Uri(program.Address) };
            (await client.GetAsync("/api/v2/dags")).StatusCode.ShouldBe(HttpStatusCode.Unauthorized);
            client.DefaultRequestHeaders.Authorization = new AuthenticationHeaderValue("Bearer", key.Output.Trim());
            (await client.GetAsync("/api/v2/dags")).StatusCode.ShouldBe(HttpStatusCode.OK);
        }
        finally
        {
            server.Kill(entireProcessTree: true);
            await server.WaitForExitAsync();
        }
    }
}
