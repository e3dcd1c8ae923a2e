using System.Reflection;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>The numbered scripts of one schema owner.</summary>
/// <param name="Owner">Name of the owner, by convention its PostgreSQL schema.</param>
/// <param name="ResourcePrefix">Start of the embedded resource names, up to and including <c>Migrations.</c></param>
/// <param name="Order">Sets are applied in this order (a schema may refer to those before it); the orchestrator's own is 0.</param>
public sealed record MigrationSet(string Owner, Assembly Assembly, string ResourcePrefix, int Order);
