namespace EcomWorkflows.Orchestration.Planning;

/// <summary>How files and edits in Studio live together: a changed file wins only where the DAG was not edited since the two were last equal.</summary>
public static class FileRules
{
    /// <param name="known">The DAG as it is; null where there is none.</param>
    /// <param name="contentHash">Meaning of the file.</param>
    /// <param name="textHash">SHA-256 of the file's content.</param>
    public static FileDecision Decide(DagSource? known, string contentHash, string textHash)
    {
        if (known is null)
            return FileDecision.Import;
        if (known.SourceText == textHash)
            return FileDecision.Unchanged;
        if (!known.IsEdited)
            return FileDecision.Import;
        if (contentHash == known.CurrentHash && !known.IsDeleted && !known.IsRetracted)
            return FileDecision.Agree;
        return contentHash == known.SourceHash ? FileDecision.Rewritten : FileDecision.Conflict;
    }
}
