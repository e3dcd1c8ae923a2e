using System.Text.Json;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline;
using EcomWorkflows.Pipeline.Scoring.Drift;
using EcomWorkflows.Pipeline.Scoring.Outcomes;
using EcomWorkflows.Pipeline.Training.Registry;
using EcomWorkflows.Server.Api;
using EcomWorkflows.Server.Dashboards.Models;
using EcomWorkflows.Server.Dashboards.Pages;
using Microsoft.AspNetCore.Http.HttpResults;

namespace EcomWorkflows.Server.Dashboards.Actions;

/// <summary><c>/models</c>: registered versions, what speaks for each, and the buttons that move the champion.</summary>
internal static class ModelPages
{
    public static void Map(IEndpointRouteBuilder routes)
    {
        routes.MapGet(Links.Models, ListAsync);
        routes.MapGet(Links.Models + "/{name}", async (string name, ModelRegistry registry, CancellationToken ct) =>
            (await registry.ListAsync(name, ct)) is [var newest, ..]
                ? (IResult)TypedResults.LocalRedirect(Links.Model(name, newest.Version))
                : throw await registry.UnknownAsync(name, null, ct));
        routes.MapGet(Links.Models + "/{name}/{version:int}", async (string name, int version, string? notice, Pages pages, CancellationToken ct) =>
            await pages.VersionAsync(name, version, Notices.Text(notice), problem: null, ct));
        routes.MapGet(Links.Models + "/{name}/{version:int}/card", async (string name, int version, Pages pages, CancellationToken ct) => await pages.CardAsync(name, version, ct));
        routes.MapGet(Links.Models + "/{name}/compare", async (string name, int first, int second, Pages pages, CancellationToken ct) => await pages.CompareAsync(name, first, second, ct));
        routes.MapPost(Links.Models + "/{name}/{version:int}/promote", async (string name, int version, HttpContext context, Pages pages, CancellationToken ct) =>
            await pages.PromoteAsync(name, version, context, ct));
        routes.MapPost(Links.Models + "/{name}/{version:int}/rollback", async (string name, int version, HttpContext context, Pages pages, CancellationToken ct) =>
            await pages.RollBackAsync(name, version, context, ct));
    }

    private static async Task<RazorComponentResult<ModelListPage>> ListAsync(ModelRegistry registry, ModelAliases aliases, CancellationToken cancellationToken)
    {
        var names = (await aliases.ListAsync(name: null, cancellationToken)).ToLookup(alias => (alias.Name, alias.Version), alias => alias.Alias);
        var versions = await registry.ListAsync(name: null, cancellationToken);
        return new(new { Model = new ModelListModel([.. versions.Select(version => new ModelRow(version, [.. names[(version.Name, version.Version)]])).GroupBy(row => row.Version.Name)]) });
    }

    /// <summary>Reads what the pages of one model show, and does what their buttons ask for.</summary>
    internal sealed class Pages(ModelRegistry registry, ModelAliases aliases, ModelLoader loader, ScoreDriftStore drifts, OutcomeStore outcomes, PipelineOptions options)
    {
        public async Task<IResult> VersionAsync(string name, int version, string? notice, string? problem, CancellationToken cancellationToken)
        {
            var all = await registry.ListAsync(name, cancellationToken);
            var shown = all.FirstOrDefault(one => one.Version == version) ?? throw await registry.UnknownAsync(name, version, cancellationToken);
            var events = await aliases.EventsAsync(name, cancellationToken);
            string[] standing = [.. (await aliases.ListAsync(name, cancellationToken)).Where(alias => alias.Version == version).Select(alias => alias.Alias)];
            var canRollBack = standing.Contains(ModelRegistry.Champion)
                && events.FirstOrDefault(one => one is { Alias: ModelRegistry.Champion, Kind: "promotion" } && one.ToVersion == version) is { FromVersion: not null };
            return new RazorComponentResult<ModelVersionPage>(new
            {
                Model = new ModelVersionModel(
                    shown, standing, Gates(events, version), [.. events.Where(one => one.ToVersion == version || one.FromVersion == version)],
                    [.. all.Where(one => one.Version != version).Select(one => one.Version)], canRollBack, notice, problem)
                {
                    Drifts = await drifts.ListAsync(name, version, cancellationToken),
                    Outcomes = await outcomes.ListAsync(name, version, cancellationToken),
                },
            })
            {
                StatusCode = problem is null ? StatusCodes.Status200OK : StatusCodes.Status400BadRequest,
            };
        }

        public async Task<RazorComponentResult<ModelCardPage>> CardAsync(string name, int version, CancellationToken cancellationToken)
        {
            var shown = await registry.GetAsync(name, version, cancellationToken);
            var file = Path.Combine(options.Home, shown.Folder, ModelCardText.FileName);
            return File.Exists(file)
                ? new(new { Model = new ModelCardModel(shown, ModelCardText.ToHtml(await File.ReadAllTextAsync(file, cancellationToken))) })
                : throw new NotFoundException($"{name} v{version} has no model card in its folder {shown.Folder}.");
        }

        public async Task<RazorComponentResult<ModelComparisonPage>> CompareAsync(string name, int first, int second, CancellationToken cancellationToken)
        {
            var left = await registry.GetAsync(name, first, cancellationToken);
            var right = await registry.GetAsync(name, second, cancellationToken);
            var same = left.Lineage.TestCutoff == right.Lineage.TestCutoff && left.Metrics.Rows == right.Metrics.Rows && left.Metrics.Positives == right.Metrics.Positives;
            return new(new { Model = new ModelComparisonModel(left, right, same) });
        }

        public async Task<IResult> PromoteAsync(string name, int version, HttpContext context, CancellationToken cancellationToken)
        {
            var form = await context.Request.ReadFormAsync(cancellationToken);
            try
            {
                var chosen = await registry.GetAsync(name, version, cancellationToken);
                // A model that cannot be loaded must not become the one everything is scored with.
                loader.Load(chosen).Dispose();
                await aliases.PromoteAsync(name, version, ModelRegistry.Champion, Actors.Of(context, Actors.Web), form["comment"], form["force"] == "true", cancellationToken);
                return Notices.Redirect(Links.Model(name, version), "model-promoted");
            }
            catch (Exception refused) when (refused is ModelRegistryException or TaskFailedException)
            {
                return await VersionAsync(name, version, notice: null, refused.Message, cancellationToken);
            }
        }

        public async Task<IResult> RollBackAsync(string name, int version, HttpContext context, CancellationToken cancellationToken)
        {
            var form = await context.Request.ReadFormAsync(cancellationToken);
            try
            {
                var moved = await aliases.RollbackAsync(name, ModelRegistry.Champion, Actors.Of(context, Actors.Web), form["comment"], cancellationToken);
                return Notices.Redirect(Links.Model(name, moved.ToVersion), "model-rolled-back");
            }
            catch (ModelRegistryException refused)
            {
                return await VersionAsync(name, version, notice: null, refused.Message, cancellationToken);
            }
        }

        private static IReadOnlyList<GateCheck> Gates(IReadOnlyList<AliasEvent> events, int version)
        {
            foreach (var judged in events.Where(one => one.ToVersion == version && one.Evidence != "{}"))
            {
                using var evidence = JsonDocument.Parse(judged.Evidence);
                if (evidence.RootElement.TryGetProperty("gates", out var gates))
                    return gates.Deserialize<IReadOnlyList<GateCheck>>(TaskJson.Options) ?? [];
            }
            return [];
        }
    }
}
