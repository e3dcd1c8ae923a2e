namespace EcomWorkflows.Pipeline.Versioning;

/// <summary>Repository, cache or remote do not hold what they should: something is missing, damaged or in the way.</summary>
public sealed class DatasetStoreException(string message) : DatasetException(message);
