using Microsoft.Playwright;
using Shouldly;

namespace EcomWorkflows.EndToEnd.Tests;

/// <summary>A browser page; errors on its console, failed requests and requests to other machines are kept for the test to look at.</summary>
public sealed class WatchedPage : IAsyncDisposable
{
    private readonly List<string> complaints = [];

    public WatchedPage(IPage page)
    {
        Page = page;
        page.Console += (_, message) =>
        {
            if (message.Type is "error" or "warning")
                complaints.Add($"console {message.Type}: {message.Text}");
        };
        page.PageError += (_, error) => complaints.Add($"script error: {error}");
        page.Request += (_, request) =>
        {
            if (new Uri(request.Url) is { IsLoopback: false, Scheme: "http" or "https" } foreign)
                complaints.Add($"request to another machine: {foreign}");
        };
        page.Response += (_, response) =>
        {
            if (response.Status >= 400)
                complaints.Add($"{response.Status} for {response.Url}");
        };
    }

    public IPage Page { get; }

    public void ShouldBeClean() => complaints.ShouldBeEmpty();

    /// <summary>Nothing went wrong but what the test provoked, which did; warnings of scripts that are not ours do not count.</summary>
    /// <param name="provoked">Parts of the complaints that must be there.</param>
    public void ShouldBeCleanBut(params string[] provoked)
    {
        foreach (var part in provoked)
            complaints.ShouldContain(complaint => complaint.Contains(part));
        complaints.Where(complaint => !provoked.Any(complaint.Contains) && !complaint.StartsWith("console warning", StringComparison.Ordinal)).ShouldBeEmpty();
    }

    /// <summary>Nothing is wider than the window (parts that scroll by themselves may hold wider things).</summary>
    public async Task ShouldFitAsync()
    {
        var wider = await Page.EvaluateAsync<string[]>(
            """
            () => document.documentElement.scrollWidth <= innerWidth ? [] : [...document.querySelectorAll('body *')]
              .filter(e => e.getBoundingClientRect().right > innerWidth && !e.closest('.scroll, .graph'))
              .map(e => `${e.tagName}.${e.className} ends at ${e.getBoundingClientRect().right}`)
            """);
        wider.ShouldBeEmpty();
        (await Page.EvaluateAsync<bool>("document.documentElement.scrollWidth <= innerWidth")).ShouldBeTrue();
    }

    /// <summary>Saves a picture where the environment names a folder for them.</summary>
    public async Task PictureAsync(string name)
    {
        if (Environment.GetEnvironmentVariable("ECOM_SCREENSHOTS") is { Length: > 0 } folder)
            await Page.ScreenshotAsync(new PageScreenshotOptions { Path = Path.Combine(folder, name + ".png"), FullPage = true });
    }

    public async ValueTask DisposeAsync() => await Page.Context.DisposeAsync();
}
