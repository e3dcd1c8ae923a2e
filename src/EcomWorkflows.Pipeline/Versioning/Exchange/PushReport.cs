namespace EcomWorkflows.Pipeline.Versioning.Exchange;

/// <summary>What a push sent.</summary>
/// <param name="Versions">Versions the remote has now.</param>
/// <param name="Contents">Contents it did not have before.</param>
public sealed record PushReport(string Location, int Versions, int Contents, long Bytes);
