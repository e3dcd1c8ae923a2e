namespace EcomWorkflows.Pipeline.Training.Registry;

/// <summary>Who moves the champion alias to a version that passed all gates.</summary>
public enum PromotionMode
{
    /// <summary>The training task itself, at once.</summary>
    Automatic,

    /// <summary>Nobody yet: the version becomes challenger, and <c>Ecom.PromoteModel</c> behind a <c>Core.Approval</c>, or a person, promotes it.</summary>
    Approval,
}
