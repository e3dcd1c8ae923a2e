using Npgsql;

namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>The open, fenced transaction a task publishes in; valid only inside the callback of <see cref="TaskContext.PublishAsync"/>.</summary>
public sealed record PublishScope(NpgsqlConnection Connection, NpgsqlTransaction Transaction, AttemptIdentity Attempt);
