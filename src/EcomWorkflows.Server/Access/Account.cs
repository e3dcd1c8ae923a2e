namespace EcomWorkflows.Server.Access;

/// <summary>A person or a program that may sign in.</summary>
internal sealed record Account
{
    public long AccountId { get; init; }

    public string Name { get; init; } = "";

    public Role Role { get; init; }

    /// <summary>Whether it can sign in with a password; others have API keys only.</summary>
    public bool HasPassword { get; init; }

    /// <summary>Changes when its password, role or activity does; sessions made before then end.</summary>
    public Guid Stamp { get; init; }

    public bool IsActive { get; init; }

    public DateTimeOffset? LockedUntil { get; init; }

    public DateTimeOffset CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    public DateTimeOffset? SignedInAt { get; init; }
}
