namespace EcomWorkflows.Server.Access;

/// <summary>What an account may do; each role includes those before it.</summary>
internal enum Role
{
    /// <summary>Looks at everything except secrets, and asks for features and predictions.</summary>
    Viewer,

    /// <summary>Starts, cancels, reruns and marks runs, pauses DAGs, answers approvals.</summary>
    Operator,

    /// <summary>Changes DAGs, pools and variables.</summary>
    Editor,

    /// <summary>Changes connections and accounts.</summary>
    Admin,
}
