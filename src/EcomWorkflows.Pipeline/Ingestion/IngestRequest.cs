using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion;

/// <summary>What an attempt is to ingest.</summary>
/// <param name="File">What stands for <c>{file}</c> in the location; empty where the run names none.</param>
internal sealed record IngestRequest(SourceMapping Mapping, string EntityName, string File, TaskContext Context)
{
    public SourceEntity Entity => Mapping.Entities[EntityName];
}
