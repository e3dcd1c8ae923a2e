namespace EcomWorkflows.Orchestration.Storage;

/// <summary>The database schema could not be brought up to date; nothing was changed.</summary>
public sealed class MigrationException(string message, Exception? innerException = null) : Exception(message, innerException);
