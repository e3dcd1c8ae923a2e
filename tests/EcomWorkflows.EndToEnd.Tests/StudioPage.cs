using System.Text.RegularExpressions;
using Microsoft.Playwright;
using Shouldly;
using static Microsoft.Playwright.Assertions;

namespace EcomWorkflows.EndToEnd.Tests;

/// <summary>What a person does in Elsa Studio, by mouse and keyboard.</summary>
internal sealed class StudioPage(IPage page, string address)
{
    /// <summary>Studio is 10 MB of WebAssembly that starts in a browser without a graphics card.</summary>
    private const float Patience = 90_000;

    private ILocator Canvas => page.Locator(".graph-container").First;

    private ILocator Edges => page.Locator(".x6-edge");

    public ILocator Nodes => page.Locator(".x6-node");

    /// <summary>The message at the top of the window.</summary>
    public ILocator Message => page.Locator(".mud-snackbar");

    /// <summary>The dot on the save button: green when Studio has taken the server's answer to the last edit.</summary>
    private ILocator SavedMark => page.Locator(".mud-badge-dot.mud-theme-success");

    public ILocator Node(string name) => page.Locator(".x6-node", new() { HasTextRegex = new Regex($@"(^|\s){Regex.Escape(name)}(\s|$)") });

    /// <summary>Creates a workflow from the list and waits for its editor, which begins with the settings of the DAG.</summary>
    public async Task CreateAsync(string name)
    {
        await page.GotoAsync(address + "/studio/");
        // The button is there before the list has been read, and does nothing until then.
        await Expect(page.Locator("tr.mud-table-row td").First).ToBeVisibleAsync(new() { Timeout = Patience });
        await page.GetByRole(AriaRole.Button, new() { Name = "Create workflow" }).First.ClickAsync();
        var dialog = page.GetByRole(AriaRole.Dialog);
        await dialog.GetByLabel("Name").FillAsync(name, new() { Timeout = Patience });
        await dialog.GetByLabel("Name").PressAsync("Tab");
        await dialog.GetByRole(AriaRole.Button, new() { NameRegex = new Regex("create|ok", RegexOptions.IgnoreCase) }).First.ClickAsync();
        await page.WaitForURLAsync("**/edit*", new() { Timeout = Patience });
        await Canvas.WaitForAsync(new() { Timeout = Patience });
        await Expect(Setting("Schedule")).ToBeVisibleAsync(new() { Timeout = Patience });
    }

    /// <summary>Opens the editor of a DAG and waits until its tasks are drawn.</summary>
    public async Task OpenAsync(string dagId)
    {
        await page.GotoAsync($"{address}/studio/workflows/definitions/{dagId}/edit");
        await Nodes.First.WaitForAsync(new() { Timeout = Patience });
        await SettleAsync();
    }

    /// <summary>Drags a type from the palette to a place on the canvas; the new task is called by the type and a number.</summary>
    public async Task DropAsync(string type, int x, int y, string category = "Stages")
    {
        var count = await Nodes.CountAsync();
        var item = page.Locator("[draggable=true]", new() { HasTextRegex = new Regex($@"^\s*{type}\s*$") }).First;
        if (!await item.IsVisibleAsync())
            await page.Locator(".mud-expand-panel-header", new() { HasText = category }).First.ClickAsync(new() { Timeout = Patience });
        await Expect(item).ToBeVisibleAsync(new() { Timeout = Patience });
        await SavedAsync(() => item.DragToAsync(Canvas, new() { TargetPosition = new() { X = x, Y = y } }));
        await Expect(Nodes).ToHaveCountAsync(count + 1, new() { Timeout = Patience });
    }

    /// <summary>Draws a connection from one task to another.</summary>
    public async Task ConnectAsync(string from, string to)
    {
        // The handles of a selected task cover the port an edge is drawn from.
        await Node(to).GetByText(to, new() { Exact = true }).First.ClickAsync(new() { Force = true });
        await Expect(page.Locator(".x6-node-selected")).ToContainTextAsync(to);
        var count = await Edges.CountAsync();
        var source = await Node(from).Locator(".x6-port-body[port='Done']").BoundingBoxAsync();
        var target = await Node(to).Locator(".x6-port-body[port='In']").BoundingBoxAsync();
        // A little beside the middle of the port: there begin the edges it has already.
        await page.Mouse.MoveAsync(source!.X + source.Width / 2 - 3, source.Y + source.Height / 2 + 8);
        await page.Mouse.DownAsync();
        await page.Mouse.MoveAsync(target!.X - 30, target.Y + 5, new() { Steps = 12 });
        await page.Mouse.MoveAsync(target.X + target.Width / 2, target.Y + target.Height / 2, new() { Steps = 8 });
        await SavedAsync(() => page.Mouse.UpAsync());
        await RestAsync();
        await Expect(Edges).ToHaveCountAsync(count + 1);
    }

    public async Task SelectAsync(string name)
    {
        await Node(name).GetByText(name, new() { Exact = true }).First.ClickAsync(new() { Force = true });
        await Expect(page.Locator(".x6-node-selected")).ToContainTextAsync(name);
        await Expect(Setting("Retries")).ToBeVisibleAsync(new() { Timeout = Patience });
    }

    /// <summary>Types a value into a field of the property panel.</summary>
    public Task FillAsync(string label, string value) => SavedAsync(async () =>
    {
        await Setting(label).Locator("input").First.FillAsync(value);
        await Setting(label).Locator("input").First.PressAsync("Tab");
    });

    public Task ChooseAsync(string label, string choice) => SavedAsync(async () =>
    {
        await Setting(label).Locator(".mud-input").First.ClickAsync();
        await page.Locator(".mud-popover-open").GetByText(choice, new() { Exact = true }).ClickAsync();
    });

    /// <summary>Publishes; the server answers with the status, or the test ends with what it said.</summary>
    public async Task PublishAsync(int status = 200)
    {
        var publish = page.Locator("button.mud-primary-text:visible:not([disabled])").First;
        var answer = await page.RunAndWaitForResponseAsync(
            () => publish.ClickAsync(), response => response.Request.Method == "POST" && response.Url.EndsWith("/workflow-definitions", StringComparison.Ordinal)
                && (response.Request.PostData ?? "").Contains("\"publish\":true"));
        answer.Status.ShouldBe(status, await answer.TextAsync());
    }

    /// <summary>Starts a run with the Run button and waits for the viewer; where the server refuses, the test ends with what it said.</summary>
    public async Task RunAsync()
    {
        var run = new Regex("/workflow-definitions/[^/]+/(execute|dispatch)$");
        var answer = await page.RunAndWaitForResponseAsync(
            () => page.Locator("button.mud-success-text:visible").First.ClickAsync(), response => response.Request.Method == "POST" && run.IsMatch(response.Url), new() { Timeout = Patience });
        answer.Ok.ShouldBeTrue($"{answer.Status} {await answer.TextAsync()}");
        await page.WaitForURLAsync("**/workflows/instances/*/view*", new() { Timeout = Patience });
        await Nodes.First.WaitForAsync(new() { Timeout = Patience });
    }

    /// <summary>Rolls back to a former version in the version history.</summary>
    public async Task RollBackAsync(int version)
    {
        await page.Locator(".mud-tab", new() { HasText = "Version history" }).EvaluateAsync("tab => tab.click()");
        var row = page.Locator("tr.mud-table-row", new() { HasTextRegex = new Regex($@"^\s*{version}\s") });
        await row.Locator("button").Last.ClickAsync();
        await page.Locator(".mud-popover-open").GetByText("Rollback to this version").ClickAsync();
    }

    public ILocator Setting(string label) => page.Locator(".mud-input-control:visible", new() { Has = page.GetByText(label, new() { Exact = true }) }).First;

    /// <summary>
    /// Edits and waits until Studio has saved it. Auto-save posts half a second after an edit, and Studio puts the answer in place of what it
    /// shows: an edit made between the answer and that moment would be lost.
    /// </summary>
    private async Task SavedAsync(Func<Task> edit)
    {
        await page.RunAndWaitForResponseAsync(edit, response => response.Request.Method == "POST" && response.Url.EndsWith("/workflow-definitions", StringComparison.Ordinal), new() { Timeout = Patience });
        await Expect(SavedMark).ToBeVisibleAsync(new() { Timeout = Patience });
    }

    /// <summary>Takes the mouse off whatever shows tools when it is pointed at.</summary>
    private async Task RestAsync() => await page.Mouse.MoveAsync(await RestX(), await RestY());

    private async Task<float> RestX() => (await Canvas.BoundingBoxAsync())!.X + 60;

    private async Task<float> RestY()
    {
        var box = await Canvas.BoundingBoxAsync();
        return box!.Y + box.Height - 50;
    }

    /// <summary>Waits until nothing on the canvas moves any more.</summary>
    private Task SettleAsync() => page.WaitForFunctionAsync(
        """
        () => {
          const now = document.querySelector('.x6-graph-svg-viewport')?.getAttribute('transform') ?? '';
          const same = window.canvasBefore === now;
          window.canvasBefore = now;
          return same;
        }
        """, null, new() { PollingInterval = 300 });
}
