namespace EcomWorkflows.Pipeline.Versioning.Exchange;

/// <summary>What a pull fetched.</summary>
/// <param name="NewTags">Versions this repository did not have before.</param>
/// <param name="Contents">Contents fetched into the cache.</param>
/// <param name="EditedFiles">Working files that were changed by hand and stay as they are.</param>
public sealed record PullReport(string Location, IReadOnlyList<string> NewTags, int Contents, long Bytes, IReadOnlyList<string> EditedFiles);
