namespace EcomWorkflows.Pipeline.Tests.Features;

/// <summary>How a publish of the <see cref="StageBench"/> ends.</summary>
internal enum PublishFate
{
    Commit,

    /// <summary>The attempt lost its lease: the callback is not even called.</summary>
    Fenced,

    /// <summary>Everything ran, but the transaction rolls back.</summary>
    CrashBeforeCommit,
}
