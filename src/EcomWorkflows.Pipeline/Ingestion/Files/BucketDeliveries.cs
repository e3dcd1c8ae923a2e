using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Lake;
using EcomWorkflows.Pipeline.Lake.Objects;
using Microsoft.Extensions.Logging;

namespace EcomWorkflows.Pipeline.Ingestion.Files;

/// <summary>Lands objects of an S3-compatible bucket, one or those a glob names; an object that has not changed since it was ingested is not fetched again.</summary>
internal sealed class BucketDeliveries(LakeStore lake, RawLanding landing, SourceFiles files, ObjectStores stores) : IDeliverySource
{
    public async Task<Landing> LandAsync(IngestRequest request, CancellationToken cancellationToken)
    {
        var location = files.Location(request.Mapping, request.EntityName, request.File);
        var (bucket, pattern) = ObjectStores.Split(location);
        var glob = new Glob(pattern);
        using var store = await stores.OpenAsync($"s3://{bucket}", request.Entity.Connection, cancellationToken);
        var found = new List<StoredObject>();
        await foreach (var candidate in store.ListAsync(glob.Prefix, cancellationToken))
        {
            if (glob.IsMatch(candidate.Key))
                found.Add(candidate);
        }
        if (found.Count == 0)
        {
            throw new TaskFailedException(
                $"{location}: there is no such object (entities.{request.EntityName}.location in {request.Mapping.File}). Was it delivered? Otherwise correct the location.",
                FailureCause.BadData);
        }
        var deliveries = new List<RawDelivery>();
        for (var index = 0; index < found.Count; index++)
        {
            request.Context.ReportProgress(null, $"fetching {found[index].Key} ({index + 1} of {found.Count})");
            var raw = await FetchAsync(store, found[index], request, cancellationToken);
            deliveries.AddRange(FileDeliveries.PartsOf(lake, raw with { Name = glob.NameOf(found[index].Key) }));
        }
        return new Landing(deliveries);
    }

    private async Task<RawDelivery> FetchAsync(IObjectStore store, StoredObject found, IngestRequest request, CancellationToken cancellationToken)
    {
        var original = $"{store.Location}/{found.Key}";
        if (await lake.FindRawVersionAsync(request.Mapping.Source, request.EntityName, original, found.Version, cancellationToken) is { } known)
        {
            request.Context.Logger.LogInformation("{Original} has not changed since it was ingested", original);
            return new RawDelivery(known, Path.GetFileName(found.Key));
        }
        var path = Path.Combine(request.Context.WorkFolder, $"{Guid.NewGuid():n}");
        await store.DownloadAsync(found.Key, path, cancellationToken);
        var bytes = new FileInfo(path).Length;
        if (bytes != found.Bytes)
        {
            throw new TaskFailedException(
                $"{original}: {bytes} bytes came, {found.Bytes} were announced: it was replaced while it was read, or cut off. Another try reads it again.", FailureCause.Dependency);
        }
        var raw = await landing.LandAsync(request.Mapping.Source, request.EntityName, path, original, request.Context, cancellationToken);
        File.Delete(path);
        return raw with { File = raw.File with { Version = found.Version } };
    }
}
