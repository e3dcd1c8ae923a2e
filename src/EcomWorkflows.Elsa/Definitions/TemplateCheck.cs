using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Planning;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Tells input values that hold templates: they are filled in when a run starts the task, and checked once the whole DAG is read.</summary>
internal sealed class TemplateCheck
{
    public bool Applies(JsonNode value) => Templates.Texts(value).Any(TemplateValidator.HasTemplate);
}
