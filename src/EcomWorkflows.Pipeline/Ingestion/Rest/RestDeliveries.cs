using EcomWorkflows.Orchestration.BuiltIn;
using EcomWorkflows.Orchestration.Secrets;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Connections;
using EcomWorkflows.Pipeline.Ingestion.Drift;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Sources;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Ingestion.Rest;

/// <summary>Lands the items of a JSON API, one per line; an answer that has not changed since the last run is not read again.</summary>
internal sealed class RestDeliveries(LakeStore lake, RawLanding landing, SourceFiles files, HttpClient http, StoredConnections connections, DriftRules rules) : IDeliverySource
{
    public async Task<Landing> LandAsync(IngestRequest request, CancellationToken cancellationToken)
    {
        var (mapping, entity, context) = (request.Mapping, request.EntityName, request.Context);
        var format = RestFormat.From(mapping, entity);
        var connection = request.Entity.Connection is { } name ? await connections.ReadAsync(name, [HttpCredentials.ConnectionType], cancellationToken) : null;
        var address = AddressOf(request, connection);
        var credentials = connection is not null ? HttpCredentials.From(connection) : format.TokenVariable is { } variable ? HttpCredentials.FromVariable(variable) : null;
        var state = format.Conditional ? await lake.ReadStateAsync<RestState>(mapping.Source, entity, cancellationToken) : null;
        var known = state?.Address == address.AbsoluteUri ? await lake.FindRawAsync(mapping.Source, entity, state.Sha256, cancellationToken) : null;
        var client = new PagedClient(http, format, credentials, context.Time);
        var path = Path.Combine(context.WorkFolder, $"{entity}.json");
        PagedResult result;
        await using (var lines = new FileStream(path, FileMode.Create, FileAccess.Write))
        {
            result = await client.WriteLinesAsync(
                address, lines, (page, read) => context.ReportProgress(null, $"page {page}, {read} records"), known is null ? null : state, cancellationToken);
        }
        if (!result.HasChanged)
        {
            context.Logger.LogInformation("{Address} has not changed since the last run: its records are used again", address);
            return new Landing([new RawDelivery(known!, $"{entity}.json")]);
        }
        context.Logger.LogInformation("{Address}: {Items} records", address, result.Items);
        var drift = Drift(format, result);
        var raw = await landing.LandAsync(mapping.Source, entity, path, new Uri(address, $"{entity}.json").AbsoluteUri, context, cancellationToken);
        return new Landing([raw])
        {
            Drift = drift,
            Remember = !format.Conditional || (result.ETag ?? result.LastModified) is null
                ? null
                : (scope, _, _, token) => LakeStore.WriteStateAsync(
                    scope, mapping.Source, entity, state, new RestState(address.AbsoluteUri, result.ETag, result.LastModified, raw.File.Sha256), token),
        };
    }

    /// <exception cref="TaskFailedException">The API may have more, and a mapping with which that fails.</exception>
    private IReadOnlyList<string> Drift(RestFormat format, PagedResult result)
    {
        if (result.EndedWithoutNext is not { } page)
            return [];
        return rules.WithoutNext(format.Next!, page, result.Items) switch
        {
            null => [],
            { Action: DriftAction.Fail } finding => throw rules.Refuse(finding.Message, [finding]),
            var finding => [finding.Message],
        };
    }

    /// <summary>The location, or its place on the connection's host; credentials go nowhere else.</summary>
    private Uri AddressOf(IngestRequest request, Connection? connection)
    {
        if (connection is null)
            return files.Address(request.Mapping, request.EntityName);
        var host = connection.Info.Host ?? throw new TaskFailedException($"Connection '{connection.Name}' has no host.", retryable: false);
        var home = new UriBuilder(host.Contains("://", StringComparison.Ordinal) ? host : $"https://{host}");
        if (connection.Info.Port is { } port)
            home.Port = port;
        var address = new Uri(home.Uri, files.Location(request.Mapping, request.EntityName, request.File));
        return SameServerRedirects.IsSameServer(address, home.Uri)
            ? address
            : throw new TaskFailedException(
                $"{request.Mapping.File}: entities.{request.EntityName}.location is '{address}', which is not on the host of connection '{connection.Name}' ({home.Uri.GetLeftPart(UriPartial.Authority)}); its credentials are not sent elsewhere.",
                retryable: false);
    }
}
