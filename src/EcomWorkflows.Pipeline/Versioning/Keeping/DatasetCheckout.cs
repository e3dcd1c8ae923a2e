using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Pipeline.Versioning.Keeping;

/// <summary>Puts the files of a version where people and programs can use them, exactly as they were, all of them or none.</summary>
public sealed class DatasetCheckout
{
    private const int NamedFiles = 5;

    private readonly ContentCache cache;
    private readonly VersionContent content;
    private readonly DatasetRepository repository;

    internal DatasetCheckout(ContentCache cache, PipelineOptions options, TimeProvider time)
    {
        this.cache = cache;
        content = new VersionContent(cache);
        repository = new DatasetRepository(options, time);
    }

    /// <param name="place">Folder for the files, absolute; null for the place of the repository's folder at which DVC would put them.</param>
    /// <param name="force">Replaces what is at the place even where no version has it.</param>
    /// <exception cref="DatasetStoreException">The cache lacks content of the version, or what it has is damaged.</exception>
    /// <exception cref="DatasetException">At the place are files that no version has.</exception>
    /// <exception cref="DiskFullException">There is no room; nothing was changed.</exception>
    public async Task<CheckedOut> RunAsync(DatasetVersion version, DatasetManifest manifest, string? place, bool force, CancellationToken cancellationToken)
    {
        repository.Require();
        var pointerPath = PublishedDataset.PointerPath(version.Dataset);
        var pointer = DvcPointer.Parse(await repository.ReadAsync(version.CommitSha, pointerPath, cancellationToken)
            ?? throw new DatasetStoreException($"Commit {version.CommitSha} of {version.Tag} has no {pointerPath}; is {repository.Folder} the repository it was made in?"))[0];
        var target = Target(version, pointer, place);
        await RequireSavedAsync(target, force, cancellationToken);
        var staged = Path.Combine(Path.GetDirectoryName(target)!, $".{Path.GetFileName(target)}.{Guid.NewGuid():n}");
        try
        {
            Directory.CreateDirectory(Path.GetDirectoryName(staged)!);
            foreach (var file in manifest.Files)
                await content.WriteAsync(version, file, pointer.IsFolder ? Path.Combine(staged, file.RelativePath) : staged, cancellationToken);
            Replace(staged, target);
        }
        catch (IOException full) when (FullDisk.IsReason(full))
        {
            throw DiskFullException.At(Path.GetDirectoryName(target)!, manifest.Size, full);
        }
        finally
        {
            Delete(staged);
        }
        return new CheckedOut(version.Tag, target, manifest.Files.Count, manifest.Size);
    }

    private string Target(DatasetVersion version, DvcPointer pointer, string? place)
    {
        if (place is not null)
            return Path.TrimEndingDirectorySeparator(pointer.IsFolder ? place : Path.Combine(place, pointer.Path));
        var folder = Path.GetDirectoryName(PublishedDataset.PointerPath(version.Dataset))!;
        return Path.Combine(repository.Folder, folder, pointer.Path);
    }

    private async Task RequireSavedAsync(string target, bool force, CancellationToken cancellationToken)
    {
        string[] present = Directory.Exists(target) ? Directory.GetFiles(target, "*", SearchOption.AllDirectories) : File.Exists(target) ? [target] : [];
        if (force)
            return;
        var unsaved = new List<string>();
        foreach (var file in present)
            if (!cache.Has((await ContentHash.OfFileAsync(file, cancellationToken)).Md5))
                unsaved.Add(file);
        if (unsaved.Count > 0)
        {
            throw new DatasetException(
                $"{target} holds {unsaved.Count} file(s) that no dataset version has: {string.Join(", ", unsaved.Take(NamedFiles))}{(unsaved.Count > NamedFiles ? ", …" : "")}. "
                + "Version them (./ecom datasets add), move them away, give another place with --to, or replace them with --force.");
        }
    }

    private static void Replace(string staged, string target)
    {
        if (File.Exists(staged) && !Directory.Exists(target))
        {
            File.Move(staged, target, overwrite: true);
            return;
        }
        // A folder cannot be replaced in one step: the old one steps aside and goes when the new one is in its place.
        var old = $"{staged}.old";
        if (Directory.Exists(target))
            Directory.Move(target, old);
        else if (File.Exists(target))
            File.Move(target, old);
        if (Directory.Exists(staged))
            Directory.Move(staged, target);
        else if (File.Exists(staged))
            File.Move(staged, target);
        else
            Directory.CreateDirectory(target);
        Delete(old);
    }

    private static void Delete(string path)
    {
        if (Directory.Exists(path))
            Directory.Delete(path, recursive: true);
        else
            File.Delete(path);
    }
}
