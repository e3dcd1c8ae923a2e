using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Orchestration.Tests.Execution;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Planning;

public sealed class TemplatesTests
{
    private static readonly DateTimeOffset Day = new(2026, 11, 21, 0, 0, 0, TimeSpan.Zero);

    private static readonly TemplateValues Values = new(
        "sales", "manual__1", "load", 2, Day, Day, Day.AddDays(1),
        new JsonObject { ["source"] = "shop", ["codes"] = new JsonArray("a", "b"), ["limit"] = 5, ["nothing"] = null, ["deep"] = new JsonObject { ["a"] = new JsonArray(1, 2) } })
    {
        RunType = "scheduled",
        MapIndex = 3,
        MapItem = new JsonObject { ["file"] = "x.csv" },
        Outputs = new Dictionary<string, JsonNode>
        {
            ["extract"] = new JsonObject { ["rows"] = 7, ["row"] = new JsonObject { ["total"] = 1.5 } },
            ["group.part-1"] = new JsonArray(new JsonObject { ["rows"] = 1 }, new JsonObject { ["rows"] = 2 }),
        },
        Variables = new Dictionary<string, string> { ["region"] = "eu" },
        Connections = new Dictionary<string, IReadOnlyDictionary<string, string>>
        {
            ["warehouse"] = new Dictionary<string, string> { ["host"] = "db", ["password"] = "geheim", ["extra.sslmode"] = "require" },
        },
    };

    public static TheoryData<string, string> Fillings()
    {
        var data = new TheoryData<string, string>
        {
            { "{{ ts }}", "\"2026-11-21T00:00:00Z\"" },
            { "{{ ts_nodash }}/{{ ds_nodash }}", "\"20261121T000000/20261121\"" },
            { "{{ data_interval_end }}", "\"2026-11-22T00:00:00Z\"" },
            { "{{ run_id }} {{ run_type }} {{ dag_id }} {{ task_id }} {{ map_index }}", "\"manual__1 scheduled sales load 3\"" },
            { "{{ try_number }}", "2" },
            { "{{ params.limit }}", "5" },
            { "{{ params.codes }}", "[\"a\",\"b\"]" },
            { "{{ params.deep.a.1 }}", "2" },
            { "{{ params.nothing }}", "null" },
            { "{{ params.nothing | default: 'x' }}", "\"x\"" },
            { "{{ params.deep.zz | upper | default: 'none' }}", "\"none\"" },
            { "{{ map_item.file }}", "\"x.csv\"" },
            { "{{ tasks.extract.outputs.rows }}", "7" },
            { "{{ tasks.extract.outputs.row.total }}", "1.5" },
            { "{{ tasks.group.part-1.outputs.rows }}", "[1,2]" },
            { "{{ tasks.skipped.outputs.rows | default: 0 }}", "0" },
            { "{{ var.region }}", "\"eu\"" },
            { "{{ var.unset | default: 'us' }}", "\"us\"" },
            { "{{ conn.warehouse.host }}:{{ conn.warehouse.extra.sslmode }}", "\"db:require\"" },
            { "{{ ds | add_days: 10 }}", "\"2026-12-01\"" },
            { "{{ ts | date: 'yyyy-MM-dd HH:mm', 'Asia/Kolkata' }}", "\"2026-11-21 05:30\"" },
            { "{{ ds | add_days: 0.5 }}", "\"2026-11-21T12:00:00Z\"" },
            { "plain text", "\"plain text\"" },
        };
        foreach (var filter in TemplateFilters.All)
            data.Add($"text: {filter.Example}", JsonValue.Create($"text: {filter.Result}").ToJson());
        return data;
    }

    [Theory]
    [MemberData(nameof(Fillings))]
    public void A_template_gives_its_value(string template, string json)
    {
        var values = template.Contains("var.region | default") ? Values with { Variables = new Dictionary<string, string>() } : Values;
        Templates.Fill(new JsonObject { ["input"] = template }, values)["input"].ToJson().ShouldBe(json);
    }

    [Theory]
    [InlineData("{{ var.unset }}", "variable 'unset' is not set")]
    [InlineData("{{ conn.warehous.host }}", "there is no connection 'warehous' Did you mean 'warehouse'?")]
    [InlineData("{{ conn.warehouse.port }}", "connection 'warehouse' has no port")]
    [InlineData("{{ tasks.skipped.outputs.rows }}", "task 'skipped' has no outputs in this run")]
    [InlineData("{{ params.deep.b }}", "parameter 'deep' has no 'b'")]
    [InlineData("a {{ params.nothing }} b", "is null, which cannot stand inside a text")]
    [InlineData("{{ params.source | add_days: 1 }}", "filter 'add_days' cannot be applied to \"shop\": expected a date or instant")]
    [InlineData("{{ params.source | join: ',' }}", "{{ params.source | join: ',' }}: filter 'join' cannot be applied to \"shop\": expected a list")]
    [InlineData("{{ ds | add_days: -3652058 }}", "{{ ds | add_days: -3652058 }}: filter 'add_days' cannot be applied to \"2026-11-21\": the result lies outside of the years 1 to 9999")]
    [InlineData("{{ ds | add_minutes: 5258964959 }}", "the result lies outside of the years 1 to 9999")]
    [InlineData("{{ ds | add_hours: 99999999999999999999999999 }}", "argument 1 of filter 'add_hours' is 99999999999999999999999999; allowed are -87649415 to 87649415")]
    [InlineData("{{ ds | date: 'HH', 'Mars/Base' }}", "'Mars/Base' is no IANA time zone")]
    public void What_has_no_value_is_an_error_and_never_an_empty_text(string template, string message) =>
        Should.Throw<TemplateException>(() => Templates.Fill(new JsonObject { ["input"] = template }, Values)).Message.ShouldContain(message);

    [Theory]
    [InlineData("{{ dss }}", "{{ dss }} is unknown. Did you mean 'ds'?")]
    [InlineData("{{ params.sorce }}", "names a parameter the DAG does not declare; declared: source. Did you mean 'source'?")]
    [InlineData("{{ ds | uper }}", "uses an unknown filter 'uper'. Did you mean 'upper'?")]
    [InlineData("{{ ds | date }}", "filter 'date' takes 1 to 2 arguments, got 0; example: {{ ds | date: 'yyyy/MM' }}")]
    [InlineData("{{ ds | add_days: 999999999 }}", "{{ ds | add_days: 999999999 }}: argument 1 of filter 'add_days' is 999999999; allowed are -3652058 to 3652058; example: {{ ds | add_days: -1 }}.")]
    [InlineData("{{ ds | add_days: 'x' }}", "argument 1 of filter 'add_days' must be a number")]
    [InlineData("{{ tasks.a.outputs.sayd }}", "names an output that task 'a' does not have; its outputs: more, said. Did you mean 'said'?")]
    [InlineData("{{ tasks.c.outputs.said }}", "reads task 'c', which does not come before this one. Connect it so that it does.")]
    [InlineData("{{ tasks.b.outputs.said }}", "reads task 'b', which does not come before this one. Connect it so that it does.")]
    [InlineData("{{ tasks.zz.outputs.said }}", "names a task the DAG does not have. Tasks before this one: a.")]
    [InlineData("{{ conn.shop.pasword }}", "names an unknown field 'pasword' of a connection. Did you mean 'password'?")]
    [InlineData("{{ map_item }}", "can be used only in a mapped task.")]
    [InlineData("{{ map_index }}", "can be used only in a mapped task.")]
    [InlineData("{{ ds", "is not closed with '}}'.")]
    public void An_unknown_name_or_filter_is_found_at_import(string template, string message)
    {
        var problem = Problems(template).ShouldHaveSingleItem();
        problem.Place.ShouldBe("task 'b'.text");
        problem.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("{{ tasks.a.outputs.said | upper }}")]
    [InlineData("{{ params.source.deep }} {{ var.any }} {{ conn.any.extra.thing }} {{ ds | add_days: -1 | date: 'yyyy' }}")]
    public void What_is_known_passes(string template) => Problems(template).ShouldBeEmpty();

    private static List<DagProblem> Problems(string template)
    {
        var dag = DagFactory.Make("a>b; b>c", parameters: new DagParam("source", "string", null, null));
        dag = dag with { Tasks = [.. dag.Tasks.Select(t => t.TaskId == "b" ? t with { Inputs = new JsonObject { ["text"] = template } } : t)] };
        return [.. TemplateValidator.Problems(dag, new TaskRegistry([TaskRegistration.Describe(typeof(ScriptedTask))]))];
    }
}

internal static class NodeText
{
    public static string ToJson(this JsonNode? node) => node?.ToJsonString(new System.Text.Json.JsonSerializerOptions { Encoder = System.Text.Encodings.Web.JavaScriptEncoder.UnsafeRelaxedJsonEscaping }) ?? "null";
}
