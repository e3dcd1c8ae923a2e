using EcomWorkflows.Pipeline.Ingestion.Compression;
using EcomWorkflows.Pipeline.Lake;

namespace EcomWorkflows.Pipeline.Ingestion.Files;

/// <summary>Lands files of this machine (or of a folder it mounts), one or those a glob names; a zip file is as many deliveries as it has files.</summary>
internal sealed class FileDeliveries(LakeStore lake, RawLanding landing, SourceFiles files) : IDeliverySource
{
    public async Task<Landing> LandAsync(IngestRequest request, CancellationToken cancellationToken)
    {
        var found = files.Find(request.Mapping, request.EntityName, request.File);
        var deliveries = new List<RawDelivery>();
        for (var index = 0; index < found.Count; index++)
        {
            request.Context.ReportProgress(null, $"copying {found[index].Name} ({index + 1} of {found.Count})");
            var raw = await landing.LandAsync(request.Mapping.Source, request.EntityName, found[index].Path, found[index].Path, request.Context, cancellationToken);
            deliveries.AddRange(PartsOf(lake, raw with { Name = found[index].Name }));
        }
        return new Landing(deliveries);
    }

    /// <summary>The files of a zip file; the file itself where it is none.</summary>
    public static IEnumerable<RawDelivery> PartsOf(LakeStore lake, RawDelivery raw) =>
        RawBytes.Members(lake.Absolute(raw.File.Path), raw.Name) is { } members
            ? members.Select(member => raw with { Name = $"{raw.Name}/{member}", Member = member })
            : [raw];
}
