using System.Text;
using EcomWorkflows.Orchestration;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Tasks;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Reads the DAG files of a folder.</summary>
public static class DagFolder
{
    private static readonly UTF8Encoding StrictUtf8 = new(encoderShouldEmitUTF8Identifier: false, throwOnInvalidBytes: true);

    /// <summary>One document per <c>*.json</c> file of the folder itself, by file name; a DAG id that two files claim is a problem of the later one.</summary>
    public static async Task<IReadOnlyList<DagDocument>> ReadAsync(string folder, TaskRegistry registry, CancellationToken cancellationToken)
    {
        var documents = new List<DagDocument>();
        var owners = new Dictionary<string, string>(StringComparer.Ordinal);
        foreach (var path in JsonFiles.In(folder))
        {
            var document = await ReadFileAsync(path, registry, cancellationToken);
            if (document.Dag is { } dag && !owners.TryAdd(dag.DagId, document.FileName))
            {
                document = document with
                {
                    Dag = null,
                    Problems = [new DagProblem("definitionId", $"{owners[dag.DagId]} already defines the DAG '{dag.DagId}'. Give this one another definitionId, or remove one of the files.")],
                };
            }
            documents.Add(document);
        }
        return documents;
    }

    /// <summary>One file; one that cannot be read is a document with that problem.</summary>
    public static async Task<DagDocument> ReadFileAsync(string path, TaskRegistry registry, CancellationToken cancellationToken)
    {
        var name = Path.GetFileName(path);
        try
        {
            var text = StrictUtf8.GetString(await File.ReadAllBytesAsync(path, cancellationToken));
            return DagDocument.Parse(text.TrimStart('\uFEFF'), name, registry);
        }
        catch (DecoderFallbackException failure)
        {
            return Unreadable(name, $"The file is not UTF-8 (byte {failure.Index + 1}). Save it as UTF-8.");
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            // Whatever it is: one file must not keep the others from being read.
            return Unreadable(name, $"The file cannot be read: {failure.Message}");
        }
    }

    private static DagDocument Unreadable(string name, string message) => new(name, null, [new DagProblem("file", message)], []);
}
