namespace EcomWorkflows.Server.Database;

/// <summary>The private cluster cannot be used; <see cref="Cure"/> says what the user can do about it.</summary>
public sealed class EmbeddedPostgresException(string problem, string cure, Exception? inner = null)
    : Exception($"{problem} {cure}", inner)
{
    public string Problem { get; } = problem;

    public string Cure { get; } = cure;
}
