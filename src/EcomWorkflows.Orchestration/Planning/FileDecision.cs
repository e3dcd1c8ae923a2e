namespace EcomWorkflows.Orchestration.Planning;

/// <summary>What is done with a workflow file.</summary>
public enum FileDecision
{
    /// <summary>Its content becomes the DAG's current version.</summary>
    Import,

    /// <summary>It says what the current version says: from now on the two count as equal.</summary>
    Agree,

    /// <summary>It was written differently but means what it meant; an edit in Studio stays.</summary>
    Rewritten,

    /// <summary>It is as it was at its last import.</summary>
    Unchanged,

    /// <summary>Both the file and the DAG were changed since they were last equal: a person decides.</summary>
    Conflict,
}
