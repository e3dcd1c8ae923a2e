using System.Security.Claims;
using System.Text;
using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;
using Microsoft.AspNetCore.Http;

namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary>Saves and publishes what Studio sends. A draft may be anything; only a valid DAG is published.</summary>
internal sealed class DefinitionWriter(DefinitionStore definitions, DefinitionReader reader, DraftStore drafts, TaskRegistry registry)
{
    private const int LongestSlug = 100;

    /// <exception cref="DefinitionRefusedException">The caller may not change DAGs.</exception>
    public void RequireEditor(ClaimsPrincipal user)
    {
        if (!reader.CanEdit(user))
            throw new DefinitionRefusedException("request", "You may look at DAGs but not change them. Sign in as an editor.");
    }

    /// <summary>Saves a draft, or publishes.</summary>
    /// <param name="checkConflict">Whether the version that the model names must still be the latest.</param>
    /// <returns>What is the latest now, and whether it was published like this before.</returns>
    /// <exception cref="DefinitionRefusedException">It cannot be saved, or published: all problems.</exception>
    /// <exception cref="DraftConflictException">Somebody else saved since the model was loaded.</exception>
    public async Task<(DefinitionInfo Info, bool AlreadyPublished)> SaveAsync(JsonObject model, bool publish, bool checkConflict, HttpContext context, CancellationToken ct)
    {
        RequireEditor(context.User);
        CheckRoot(model);
        if (ParamReader.Misfits(model).ToList() is { Count: > 0 } misfits)
            throw new DefinitionRefusedException(misfits);
        var (dagId, stored, before) = model.Text("definitionId") is { Length: > 0 } given ? await PrepareAsync(model, given, ct) : await PrepareNewAsync(model, ct);
        var document = DagDocument.Of(stored, dagId, registry);
        var draft = Draft(document, dagId, context);
        var baseId = checkConflict && VersionId.Parse(model.Text("id")) is { } loaded && loaded.DagId == dagId ? loaded : null;
        if (publish)
            return await PublishAsync(document, draft, baseId, before, ct);
        await drafts.SaveAsync(draft, baseId, ct);
        return (await reader.FindAsync(dagId, VersionFilter.Latest, ct), false);
    }

    /// <summary>Publishes the latest version of a DAG as it was saved.</summary>
    /// <exception cref="DefinitionRefusedException">It is no valid DAG: all problems.</exception>
    public async Task<(DefinitionInfo Info, bool AlreadyPublished)> PublishAsync(string dagId, HttpContext context, CancellationToken ct)
    {
        RequireEditor(context.User);
        var latest = await reader.FindAsync(dagId, VersionFilter.Latest, ct);
        if (latest.IsPublished)
            return (latest, true);
        var document = DagDocument.Of(await reader.StoredAsync(latest, ct), dagId, registry);
        return await PublishAsync(document, Draft(document, dagId, context), latest.Id, latest, ct);
    }

    /// <summary>Makes the content of a former version the draft.</summary>
    public async Task<DefinitionInfo> RevertAsync(string dagId, int version, HttpContext context, CancellationToken ct)
    {
        RequireEditor(context.User);
        var former = await reader.FindAsync(dagId, new VersionFilter(VersionKind.Number, version), ct);
        var document = DagDocument.Of(await reader.StoredAsync(former, ct), dagId, registry);
        await drafts.SaveAsync(Draft(document, dagId, context), baseId: null, ct);
        return await reader.FindAsync(dagId, VersionFilter.Latest, ct);
    }

    private async Task<(DefinitionInfo Info, bool AlreadyPublished)> PublishAsync(DagDocument document, Draft draft, VersionId? baseId, DefinitionInfo? before, CancellationToken ct)
    {
        if (document.Dag is not { } dag)
            throw new DefinitionRefusedException(document.Problems);
        var import = await drafts.PublishAsync(dag, draft, baseId, ct);
        return (await reader.FindAsync(dag.DagId, VersionFilter.Latest, ct), !import.IsNewVersion && before?.IsPublished == true);
    }

    private static Draft Draft(DagDocument document, string dagId, HttpContext context) => new(
        dagId,
        document.Raw.Text("name") is { Length: > 0 } name ? name : dagId,
        document.Raw.Text("description"),
        document.ToJson(),
        document.Dag is { } dag ? DagHash.Compute(dag) : null,
        Caller.Window(context),
        Caller.Actor(context));

    private async Task<(string DagId, JsonObject Stored, DefinitionInfo? Before)> PrepareAsync(JsonObject model, string dagId, CancellationToken ct)
    {
        if (!DagValidator.IsId(dagId))
            throw new DefinitionRefusedException("definitionId", $"'{dagId}' cannot be the id of a DAG: allowed are {DagValidator.AllowedId}.");
        var before = await definitions.FindAsync(dagId, VersionFilter.Latest, ct);
        return (dagId, StudioForm.ForStorage(model, dagId, before is null ? null : await reader.StoredAsync(before, ct)), before);
    }

    /// <summary>A new DAG's id is made from its name. A create request that is sent again meets the draft it made the first time.</summary>
    private async Task<(string DagId, JsonObject Stored, DefinitionInfo? Before)> PrepareNewAsync(JsonObject model, CancellationToken ct)
    {
        var slug = Slug(model.Text("name") ?? "");
        var taken = await definitions.TakenIdsAsync(slug, ct);
        for (var number = 1; ; number++)
        {
            var dagId = number == 1 ? slug : $"{slug}-{number}";
            var stored = StudioForm.ForStorage(model, dagId, previous: null);
            if (!taken.Contains(dagId) || await IsRepeatAsync(dagId, stored, ct))
                return (dagId, stored, null);
        }
    }

    private async Task<bool> IsRepeatAsync(string dagId, JsonObject stored, CancellationToken ct) =>
        await definitions.FindAsync(dagId, VersionFilter.Latest, ct) is { IsDraft: true } draft && JsonNode.DeepEquals(await reader.StoredAsync(draft, ct), stored);

    private static string Slug(string name)
    {
        var slug = new StringBuilder();
        foreach (var c in name.ToLowerInvariant())
        {
            if (char.IsAsciiLetterOrDigit(c))
                slug.Append(c);
            else if (slug.Length > 0 && slug[^1] != '-')
                slug.Append('-');
        }
        var text = slug.ToString().Trim('-');
        return text.Length == 0 ? "dag" : text[..Math.Min(text.Length, LongestSlug)].Trim('-');
    }

    private static void CheckRoot(JsonObject model)
    {
        if (model["root"] is not JsonObject root)
            throw new DefinitionRefusedException("root", $"The definition has no root. A DAG's root is '{ElsaMembers.FlowchartType}'.");
        if (root.Text("type") != ElsaMembers.FlowchartType)
            throw new DefinitionRefusedException("root", $"The root is {Json.Shown(root["type"])}. A DAG's root is a flowchart ('{ElsaMembers.FlowchartType}'); sequences and state machines are no DAGs.");
    }
}
