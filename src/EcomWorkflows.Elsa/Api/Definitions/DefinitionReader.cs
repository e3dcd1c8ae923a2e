using System.Security.Claims;
using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Storage;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Api.Definitions;

/// <summary>Reads definitions as Studio shows them.</summary>
internal sealed class DefinitionReader(DefinitionStore definitions, TaskRegistry registry, IElsaPermissions permissions)
{
    public bool CanEdit(ClaimsPrincipal user) => permissions.CanEdit(user);

    /// <exception cref="NotFoundException">The DAG has no such version.</exception>
    public async Task<DefinitionInfo> FindAsync(string dagId, VersionFilter versions, CancellationToken cancellationToken) =>
        await definitions.FindAsync(dagId, versions, cancellationToken)
        ?? throw new NotFoundException($"There is no workflow definition '{dagId}'{(versions.Kind == VersionKind.AllVersions ? "" : $" ({versions.Kind}{(versions.Number > 0 ? $" {versions.Number}" : "")})")}.");

    /// <exception cref="NotFoundException">There is no such version, or the draft has moved on.</exception>
    public async Task<DefinitionInfo> FindAsync(string id, CancellationToken cancellationToken) =>
        VersionId.Parse(id) is { } versionId && await definitions.FindAsync([versionId], cancellationToken) is [var found]
            ? found
            : throw new NotFoundException($"There is no workflow definition version '{id}'.");

    public async Task<JsonObject> ReadAsync(DefinitionInfo info, ClaimsPrincipal user, CancellationToken cancellationToken)
    {
        var stored = JsonNode.Parse(await definitions.DocumentAsync(info.Id, cancellationToken))!.AsObject();
        var canEdit = permissions.CanEdit(user);
        var definition = StudioForm.ForStudio(stored, info, registry);
        definition["isReadonly"] = !canEdit;
        definition["links"] = JsonSerializer.SerializeToNode(Link.OfDefinition(info.DagId, canEdit), ElsaJson.Options);
        return definition;
    }

    /// <summary>The stored document itself.</summary>
    public async Task<JsonObject> StoredAsync(DefinitionInfo info, CancellationToken cancellationToken) =>
        JsonNode.Parse(await definitions.DocumentAsync(info.Id, cancellationToken))!.AsObject();
}
