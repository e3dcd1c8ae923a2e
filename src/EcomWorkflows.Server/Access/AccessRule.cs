namespace EcomWorkflows.Server.Access;

/// <summary>The role that requests to some paths need.</summary>
/// <param name="Methods">Methods the rule is about.</param>
/// <param name="Pattern">Path by segments: <c>*</c> is one segment, <c>**</c> at the end any number of them, none included.</param>
/// <param name="Role">Null: open to everybody.</param>
internal sealed record AccessRule(AccessMethods Methods, string Pattern, Role? Role)
{
    private readonly string[] segments = Pattern.Split('/', StringSplitOptions.RemoveEmptyEntries);

    public bool Covers(string method, ReadOnlySpan<string> path)
    {
        var reads = HttpMethods.IsGet(method) || HttpMethods.IsHead(method) || HttpMethods.IsOptions(method);
        if (!Methods.HasFlag(reads ? AccessMethods.Read : AccessMethods.Change))
            return false;
        for (var i = 0; i < segments.Length; i++)
        {
            if (segments[i] == "**")
                return true;
            if (i >= path.Length || (segments[i] != "*" && !string.Equals(segments[i], path[i], StringComparison.OrdinalIgnoreCase)))
                return false;
        }
        return path.Length == segments.Length;
    }
}
