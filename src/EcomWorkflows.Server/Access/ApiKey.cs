namespace EcomWorkflows.Server.Access;

/// <summary>A key a program signs in with, without its secret.</summary>
internal sealed record ApiKey
{
    public string KeyId { get; init; } = "";

    public string Account { get; init; } = "";

    public string Purpose { get; init; } = "";

    public DateTimeOffset CreatedAt { get; init; }

    public string CreatedBy { get; init; } = "";

    public DateTimeOffset? ExpiresAt { get; init; }

    public DateTimeOffset? RevokedAt { get; init; }
}
