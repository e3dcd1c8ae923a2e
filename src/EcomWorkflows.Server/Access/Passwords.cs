using Microsoft.AspNetCore.Identity;

namespace EcomWorkflows.Server.Access;

/// <summary>Passwords, hashed as ASP.NET Core Identity does it (PBKDF2, HMAC-SHA512, a salt of its own for each).</summary>
internal sealed class Passwords
{
    public const int Shortest = 10;
    public const int Longest = 200;

    private readonly PasswordHasher<string> hasher = new();
    private readonly Lazy<string> anybodys;

    public Passwords() => anybodys = new Lazy<string>(() => Hash("nobody", "a password nobody has"));

    /// <summary>What is wrong with a new password; null when nothing is.</summary>
    public static string? Problem(string password) => password.Length switch
    {
        < Shortest => $"The password has {password.Length} characters; use at least {Shortest}. A sentence is easier to remember than signs.",
        > Longest => $"The password has {password.Length} characters; use at most {Longest}.",
        _ => null,
    };

    public string Hash(string name, string password) => hasher.HashPassword(name, password);

    /// <param name="hash">Null where there is no such account: the answer is no, after the same time.</param>
    public bool Matches(string name, string? hash, string password)
    {
        var verified = hasher.VerifyHashedPassword(name, hash ?? anybodys.Value, password);
        return hash is not null && verified != PasswordVerificationResult.Failed;
    }
}
