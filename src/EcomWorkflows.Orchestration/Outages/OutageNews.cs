namespace EcomWorkflows.Orchestration.Outages;

/// <summary>What is to be said of something that is tried again and again.</summary>
internal enum OutageNews
{
    None,

    /// <summary>It has failed, and worked before.</summary>
    Lost,

    /// <summary>It goes on failing, and nothing was said for a while.</summary>
    StillAway,

    /// <summary>It works again.</summary>
    Back,
}
