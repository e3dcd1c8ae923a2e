namespace EcomWorkflows.Bench.Api;

/// <summary>Every list people and programs page through, also where it hurts: far back, and with filters that keep little or nearly all.</summary>
internal static class ApiRequests
{
    private const string Instances = "/elsa/api/workflow-instances";
    private const string Definitions = "/elsa/api/workflow-definitions?IsSystem=False&OrderDirection=Ascending";

    public static IReadOnlyList<ApiRequest> Of(long someRun, string someKey, long someEvent) =>
    [
        new("Elsa definitions, first page", $"{Definitions}&versionOptions=Latest&Page=0&PageSize=10"),
        new("Elsa definitions, last page by name", $"{Definitions}&versionOptions=Latest&Page=49&PageSize=10&OrderBy=Name"),
        new("Elsa definitions, search", $"{Definitions}&versionOptions=Latest&Page=0&PageSize=10&SearchTerm=dag 49"),
        new("Elsa definitions, all 500 unpaged", $"{Definitions}&versionOptions=LatestOrPublished"),
        new("Elsa definitions, ten version ids", "/elsa/api/workflow-definitions?versionOptions=&" + string.Join('&', Enumerable.Range(100, 10).Select(i => $"Ids=dag-{i}:1"))),
        new("Elsa instances, first page", Instances, """{"page":0,"pageSize":10}"""),
        new("Elsa instances, page 9,000", Instances, """{"page":9000,"pageSize":10}"""),
        new("Elsa instances, page 900 of 100 rows", Instances, """{"page":900,"pageSize":100}"""),
        new("Elsa instances, oldest first", Instances, """{"page":0,"pageSize":10,"orderDirection":"Ascending"}"""),
        new("Elsa instances, by name, page 9,000", Instances, """{"page":9000,"pageSize":10,"orderBy":"Name","orderDirection":"Ascending"}"""),
        new("Elsa instances of one DAG, page 15", Instances, """{"page":15,"pageSize":10,"definitionIds":["dag-123"]}"""),
        new("Elsa instances, running", Instances, """{"page":0,"pageSize":10,"statuses":["Running"]}"""),
        new("Elsa instances, finished, page 9,000", Instances, """{"page":9000,"pageSize":10,"statuses":["Finished"]}"""),
        new("Elsa instances, faulted", Instances, """{"page":0,"pageSize":10,"subStatuses":["Faulted"]}"""),
        new("Elsa instances, cancelled", Instances, """{"page":0,"pageSize":10,"subStatuses":["Cancelled"]}"""),
        new("Elsa instances, suspended", Instances, """{"page":0,"pageSize":10,"subStatuses":["Suspended"]}"""),
        new("Elsa instances, with incidents, page 500", Instances, """{"page":500,"pageSize":10,"hasIncidents":true}"""),
        new("Elsa instances, without incidents, page 5,000", Instances, """{"page":5000,"pageSize":10,"hasIncidents":false}"""),
        new("Elsa instances, search for a DAG", Instances, """{"page":0,"pageSize":10,"searchTerm":"dag-321"}"""),
        new("Elsa instances, search for nothing there is", Instances, """{"page":0,"pageSize":10,"searchTerm":"nothing like that"}"""),
        new("Elsa instances, finished in one hour", Instances, """{"page":0,"pageSize":10,"timestampFilters":[{"column":"FinishedAt","operator":"GreaterThan","timestamp":"2026-01-05T00:00:00Z"},{"column":"FinishedAt","operator":"LessThan","timestamp":"2026-01-05T01:00:00Z"}]}"""),
        new("Elsa instance", $"{Instances}/{someRun}"),
        new("Elsa journal", $"{Instances}/{someRun}/journal?skip=0&take=110", "{}"),
        new("Elsa badges", "/elsa/api/activity-executions/report", $$"""{"workflowInstanceId":"{{someRun}}"}"""),
        new("/api/v2/dags, first page", "/api/v2/dags"),
        new("/api/v2/dags, last page of 100", "/api/v2/dags?limit=100&offset=400"),
        new("/api/v2/dags by tag", "/api/v2/dags?tags=team-3&limit=100"),
        new("/api/v2 dagRuns of all DAGs", "/api/v2/dags/~/dagRuns"),
        new("/api/v2 dagRuns of all DAGs, offset 99,000", "/api/v2/dags/~/dagRuns?offset=99000"),
        new("/api/v2 dagRuns of one DAG", "/api/v2/dags/dag-123/dagRuns?limit=100"),
        new("/api/v2 dagRuns, failed, offset 8,000", "/api/v2/dags/~/dagRuns?state=failed&offset=8000"),
        new("/api/v2 taskInstances of a run", $"/api/v2/dags/dag-123/dagRuns/{someKey}/taskInstances"),
        new("/api/v2 eventLogs", "/api/v2/eventLogs"),
        new("/api/v2 eventLogs, far back", $"/api/v2/eventLogs?before={someEvent}&limit=100"),
        new("/api/v2 eventLogs of one DAG", "/api/v2/eventLogs?dag_id=dag-123"),
        new("/api/v2 eventLogs of one run", $"/api/v2/eventLogs?dag_id=dag-123&run_id={someKey}"),
        new("start page, 500 DAGs", "/"),
        new("page of one DAG", "/dags/dag-123"),
    ];
}
