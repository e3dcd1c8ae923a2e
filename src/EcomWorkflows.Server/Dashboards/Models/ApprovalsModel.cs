using EcomWorkflows.Orchestration.Storage;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>Questions of tasks, newest first.</summary>
/// <param name="WithClosed">Whether answered and expired ones are among them.</param>
/// <param name="Problem">Why the last answer was refused.</param>
public sealed record ApprovalsModel(IReadOnlyList<QuestionInfo> Questions, bool WithClosed, string? Notice, string? Problem);
