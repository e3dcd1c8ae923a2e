namespace EcomWorkflows.Server.Cli.Doctor;

/// <summary>One thing the program needs, how it is, and what to do about it.</summary>
/// <param name="Status"><c>ok</c>, <c>missing</c>, <c>too old</c> or <c>broken</c>.</param>
/// <param name="Cure">What to type or do; null where nothing is wrong.</param>
internal sealed record Finding(string Status, string Name, string? Version, string? Place, string? Cure = null)
{
    public bool IsOk => Status == "ok";

    public static Finding Ok(string name, string? version, string? place) => new("ok", name, version, place);

    public static Finding Broken(string name, string? place, string cure) => new("broken", name, null, place, cure);
}
