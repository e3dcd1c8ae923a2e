namespace EcomWorkflows.Server.Access;

/// <summary>Which role a request needs: the one table to look at, read from the top, first match decides.</summary>
internal static class AccessRules
{
    public static IReadOnlyList<AccessRule> All { get; } =
    [
        // Open: what one needs to sign in, and what a load balancer asks.
        new(AccessMethods.Any, "/sign-in", null),
        new(AccessMethods.Change, "/sign-out", null),
        new(AccessMethods.Change, "/api/v2/auth/token", null),
        new(AccessMethods.Read, "/assets/**", null),
        new(AccessMethods.Read, "/favicon.ico", null),
        new(AccessMethods.Read, "/healthz", null),
        new(AccessMethods.Read, "/readyz", null),
        // Another company's system, were it real; its customers are invented.
        new(AccessMethods.Read, "/demo-shop/customers", null),

        // Secrets, even masked.
        new(AccessMethods.Any, "/api/v2/connections/**", Role.Admin),

        // A scraper's key needs no more than to read.
        new(AccessMethods.Read, "/metrics", Role.Viewer),

        // Reading, and questions that come as POST because they are long.
        new(AccessMethods.Read, "/**", Role.Viewer),
        new(AccessMethods.Change, "/get-online-features", Role.Viewer),
        new(AccessMethods.Change, "/api/features/historical", Role.Viewer),
        new(AccessMethods.Change, "/models/*/invocations", Role.Viewer),
        new(AccessMethods.Change, "/models/*/*/invocations", Role.Viewer),
        new(AccessMethods.Change, "/elsa/hubs/**", Role.Viewer),
        new(AccessMethods.Change, "/elsa/api/workflow-instances", Role.Viewer),
        new(AccessMethods.Change, "/elsa/api/workflow-instances/*/journal", Role.Viewer),
        new(AccessMethods.Change, "/elsa/api/activity-executions/**", Role.Viewer),
        new(AccessMethods.Change, "/elsa/api/descriptors/**", Role.Viewer),
        new(AccessMethods.Change, "/elsa/api/bulk-actions/export/**", Role.Viewer),

        // Running.
        new(AccessMethods.Change, "/dags/**", Role.Operator),
        new(AccessMethods.Change, "/backfills/**", Role.Operator),
        new(AccessMethods.Change, "/approvals/**", Role.Operator),
        new(AccessMethods.Change, "/api/v2/dags/**", Role.Operator),
        new(AccessMethods.Change, "/api/v2/backfills/**", Role.Operator),
        new(AccessMethods.Change, "/api/v2/assets/**", Role.Operator),
        new(AccessMethods.Change, "/push", Role.Operator),
        new(AccessMethods.Change, "/materialize", Role.Operator),
        new(AccessMethods.Change, "/materialize-incremental", Role.Operator),
        new(AccessMethods.Change, "/elsa/api/workflow-definitions/*/execute", Role.Operator),
        new(AccessMethods.Change, "/elsa/api/workflow-definitions/*/dispatch", Role.Operator),
        new(AccessMethods.Change, "/elsa/api/cancel/**", Role.Operator),
        new(AccessMethods.Change, "/elsa/api/bulk-actions/cancel/**", Role.Operator),
        new(AccessMethods.Change, "/elsa/api/workflow-instances/**", Role.Operator),
        new(AccessMethods.Change, "/elsa/api/bulk-actions/delete/workflow-instances/**", Role.Operator),

        // Changing what is run.
        new(AccessMethods.Change, "/elsa/api/**", Role.Editor),
        new(AccessMethods.Change, "/pools/**", Role.Editor),
        new(AccessMethods.Change, "/api/v2/pools/**", Role.Editor),
        new(AccessMethods.Change, "/api/v2/variables/**", Role.Editor),
        new(AccessMethods.Change, "/models/**", Role.Editor),

        // Whatever nobody thought of.
        new(AccessMethods.Any, "/**", Role.Admin),
    ];

    /// <returns>Null: open to everybody.</returns>
    public static Role? Needed(string method, string path) => RuleOf(method, path).Role;

    internal static AccessRule RuleOf(string method, string path)
    {
        var segments = path.Split('/', StringSplitOptions.RemoveEmptyEntries);
        return All.First(rule => rule.Covers(method, segments));
    }
}
