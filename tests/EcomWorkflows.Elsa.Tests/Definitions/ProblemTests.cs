using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Elsa.Tests.Definitions;

public class ProblemTests
{
    public static TheoryData<string, string, string, Action<JsonObject>> Cases => new()
    {
        { "unknown type", "task 'first'.type", "Did you mean 'Test.Copy'?", d => d.Activity(0)["type"] = "Test.Cpoy" },
        { "no type", "task 'first'.type", "has no type", d => d.Activity(0).Remove("type") },
        { "wrong version", "task 'first'.version", "no version '2' of Test.Copy. Write \"version\": 1", d => d.Activity(0)["version"] = 2 },
        { "no version", "task 'first'.version", "is missing", d => d.Activity(0).Remove("version") },
        { "required input missing", "task 'first'.source", "required (What to copy)", d => d.Activity(0).Remove("source") },
        { "required input cleared", "task 'first'.source", "required", d => d.Activity(0)["source"] = DocumentText.Literal("") },
        { "unknown input", "task 'first'.retires", "Did you mean 'retries'?", d => d.Activity(0)["retires"] = DocumentText.Literal("3") },
        { "wrong case", "task 'first'.Note", "Did you mean 'note'?", d => d.Activity(0)["Note"] = "x" },
        { "not a number", "task 'second'.count", "'many' cannot be used: expected a whole number", d => d.Activity(1)["count"] = DocumentText.Literal("many") },
        { "a fraction", "task 'second'.count", "expected a whole number", d => d.Activity(1)["count"] = 1.5 },
        { "too big", "task 'second'.count", "from -2147483648 to 2147483647", d => d.Activity(1)["count"] = DocumentText.Literal("3000000000") },
        { "not a truth value", "task 'second'.full", "expected true or false", d => d.Activity(1)["full"] = DocumentText.Literal("yes") },
        { "bad list", "task 'second'.columns", "is not JSON", d => d.Activity(1)["columns"] = DocumentText.Object("a, b") },
        { "null in a list", "task 'second'.columns", "without null", d => d.Activity(1)["columns"] = new JsonArray("a", null) },
        { "null in a list as text", "task 'second'.columns", "without null", d => d.Activity(1)["columns"] = DocumentText.Object("""["a",null]""") },
        { "null outlet", "task 'first'.outlets", "without null", d => d.Activity(0)["outlets"] = new JsonArray((JsonNode?)null) },
        { "null cause", "task 'first'.neverRetryOn", "without null", d => d.Activity(0)["neverRetryOn"] = new JsonArray((JsonNode?)null) },
        { "null callback", "root.callbacks", "without null", d => d["root"]!["callbacks"] = new JsonArray((JsonNode?)null) },
        { "null tag", "root.tags", "without null", d => d["root"]!["tags"] = new JsonArray((JsonNode?)null) },
        { "NUL in a list as text", "task 'second'.columns", "no character U+0000", d => d.Activity(1)["columns"] = DocumentText.Object("""["\u0000"]""") },
        { "half a pair in a list as text", "task 'second'.columns", "half of a surrogate pair", d => d.Activity(1)["columns"] = DocumentText.Literal("""["\ud800"]""") },
        { "number among texts", "task 'second'.columns[1]", "'5' cannot be used: expected text in double quotes.", d => d.Activity(1)["columns"] = new JsonArray("a", 5) },
        { "text for a list", "task 'second'.columns", "'a' cannot be used: expected a JSON list such as [\"a\", \"b\"].", d => d.Activity(1)["columns"] = "a" },
        { "text among numbers", "task 'second'.successCodes[1]", "'many' cannot be used: expected a whole number from -2147483648 to 2147483647.", d => Become(d, "Core.Shell", """{ "command": "x", "successCodes": [0, "many"] }""") },
        { "number for numbers", "task 'second'.successCodes", "'0' cannot be used: expected a JSON list of numbers such as [0, 1].", d => Become(d, "Core.Shell", """{ "command": "x", "successCodes": 0 }""") },
        { "number in a dictionary", "task 'second'.environment.A", "'1' cannot be used: expected text in double quotes.", d => Become(d, "Core.Shell", """{ "command": "x", "environment": { "B": "1", "A": 1 } }""") },
        { "strange name in a dictionary", "task 'second'.environment.a.b c", "'true' cannot be used", d => Become(d, "Core.Shell", """{ "command": "x", "environment": { "a.b c": true } }""") },
        { "dictionary as text", "task 'second'.environment.A", "'1' cannot be used", d => Become(d, "Core.Shell", """{ "command": "x", "environment": "{\"A\": 1}" }""") },
        { "member twice in text", "task 'second'.extra", "with the member 'a' once", d => d.Activity(1)["extra"] = DocumentText.Literal("""{ "a": 1, "a": 2 }""") },
        { "member twice in JSON", "task 'second'.extra", "Duplicate property 'a'", d => d.Activity(1)["extra"] = DocumentText.Object("""{ "a": 1, "a": 2 }""") },
        { "event of a callback", "root.callbacks[1].on[0]", "'falure' cannot be used: expected one of success, failure, retry, deadline. Did you mean 'failure'?", d => d["root"]!["callbacks"] = JsonNode.Parse("""[{ "on": ["success"], "webhook": "http://a" }, { "on": ["falure"] }]""") },
        { "callback without event", "root.callbacks[0]", "expected a JSON object with on (required), webhook, email, connection.", d => d["root"]!["callbacks"] = JsonNode.Parse("""[{ "webhook": "http://a" }]""") },
        { "callback alone", "root.callbacks", "expected a JSON list of objects, each a JSON object with on (required), webhook, email, connection.", d => d["root"]!["callbacks"] = new JsonObject { ["on"] = "success" } },
        { "poke", "task 'second'.pokeSeconds", "0 is out of range. Use 0.1 to 604800.", d => Become(d, "Core.FileSensor", """{ "path": "/x", "pokeSeconds": 0 }""") },
        { "request timeout", "task 'second'.requestTimeoutSeconds", "-5 is out of range. Use 0.1 to 86400.", d => Become(d, "Core.Http", """{ "url": "http://a", "requestTimeoutSeconds": "-5" }""") },
        { "log lines", "task 'second'.maxLogLines", "-1 is out of range. Use 0 or more.", d => Become(d, "Core.Shell", """{ "command": "x", "maxLogLines": -1 }""") },
        { "on timeout", "task 'second'.onTimeout", "'aprove' is not allowed: use one of fail, skip, approve, reject. Did you mean 'approve'?", d => Become(d, "Core.Approval", """{ "subject": "x", "onTimeout": "aprove" }""") },
        { "on timeout of options", "task 'second'.onTimeout", "use one of fail, skip, yes, no.", d => Become(d, "Core.Approval", """{ "subject": "x", "options": ["yes", "no"], "onTimeout": "approve" }""") },
        { "no options", "task 'second'.options", "Name at least one", d => Become(d, "Core.Approval", """{ "subject": "x", "options": [] }""") },
        { "otherwise", "task 'second'.otherwise", "'weekly' is not allowed: use one of full, daily.", d => Become(d, "Core.Branch", """{ "outcomes": ["full", "daily"], "choose": "{{ params.source }}", "otherwise": "weekly" }""") },
        { "wait for nothing", "task 'second'.seconds", "either seconds or until, and not both. Found neither.", d => Become(d, "Core.Wait", "{}") },
        { "wait for two", "task 'second'.seconds", "Found both.", d => Become(d, "Core.Wait", """{ "seconds": 5, "until": "2026-11-01" }""") },
        { "wait for what is no number", "task 'second'.seconds", "'soon' cannot be used", d => Become(d, "Core.Wait", """{ "seconds": "soon" }""") },
        { "commit", "task 'second'.sql", "The SQL holds COMMIT. All statements of a task run in one transaction", d => Become(d, "Core.Sql", """{ "sql": "delete from a; commit" }""") },
        { "bad date", "task 'second'.since", "2026-11-01", d => d.Activity(1)["since"] = "yesterday" },
        { "bad enum", "task 'second'.mode", "Did you mean 'full_load'?", d => d.Activity(1)["mode"] = "fullload" },
        { "option", "task 'second'.size", "use one of small, large", d => d.Activity(1)["size"] = "medium" },
        { "options", "task 'second'.colours", "'grene' is not allowed: use one of red, green. Did you mean 'green'?", d => d.Activity(1)["colours"] = DocumentText.Object("""["red","grene"]""") },
        { "expression", "task 'first'.source", "'JavaScript' are not evaluated", d => d.Activity(0)["source"]!["expression"]!["type"] = "JavaScript" },
        { "template", "task 'first'.source", "names a parameter the DAG does not declare; declared: days, source. Did you mean 'source'?", d => d.Activity(0)["source"] = "{{ params.sauce }}" },
        { "range", "task 'first'.retries", "-1 is out of range. Use 0 to 1000", d => d.Activity(0)["retries"] = -1 },
        { "huge duration", "task 'first'.timeoutSeconds", "2592000", d => d.Activity(0)["timeoutSeconds"] = 1e300 },
        { "trigger rule", "task 'first'.triggerRule", "Did you mean 'all_success'?", d => d.Activity(0)["triggerRule"] = DocumentText.Literal("all_succes") },
        { "memory in process", "task 'first'.memoryLimitMegabytes", "Set isolation to process", d => d.Activity(0)["memoryLimitMegabytes"] = 512 },
        { "bad id", "task 'my task'", "letters, digits", d => d.Activity(0)["name"] = "my task" },
        { "same name", "task 'second'", "2 tasks have the id 'second'", d => (d.Activity(0)["name"], d["root"]!["connections"]) = ("second", new JsonArray()) },
        { "same id", "root.activities", "2 activities have the id 'a1'", d => (d.Activity(1)["id"], d["root"]!["connections"]) = ("a1", new JsonArray()) },
        { "no id", "root.activities[1].id", "has no id", d => (d.Activity(1)["id"], d["root"]!["connections"]) = ("", new JsonArray()) },
        { "empty group", "group 'second'.activities", "no tasks", d => (d.Activity(1)["type"], d.Activity(1)["version"]) = ("Elsa.Flowchart", 1) },
        { "group version", "group 'more'.version", "Write \"version\": 1", d => Group(d).Remove("version") },
        { "group setting", "group 'more'.retries", "no setting 'retries'", d => Group(d)["retries"] = 3 },
        { "group port", "root.connections[1].source.port", "Task group 'more' has no port 'yes'", d => (Group(d)["id"], d["root"]!["connections"]!.AsArray()[1]!["source"]!["port"]) = ("g", "yes") },
        { "same id in a group", "task 'more.x'", "2 tasks have the id 'more.x'", d => Group(d)["activities"]!.AsArray().Add(Copy("y", "x")) },
        { "group and task", "task 'more'", "of a task and of a task group", d => (d.Activity(1)["name"], Group(d)["name"]) = ("more", "more") },
        { "map text", "task 'second'.mapOver", "names no list", d => d.Activity(1)["mapOver"] = "files" },
        { "map task", "task 'second'.mapOver", "no task 'frist'", d => d.Activity(1)["mapOver"] = "frist.rows" },
        { "map no edge", "task 'second'.mapOver", "Draw an edge from 'first' to 'second'", d => (d.Activity(1)["mapOver"], d["root"]!["connections"]) = ("first.rows", new JsonArray()) },
        { "map output", "task 'second'.mapOver", "Did you mean 'rows'?", d => d.Activity(1)["mapOver"] = "first.row" },
        { "map no list", "task 'second'.mapOver", "is no list", d => d.Activity(1)["mapOver"] = "first.rows" },
        { "map param", "task 'second'.mapOver", "declares no parameter 'regions'", d => d.Activity(1)["mapOver"] = "params.regions" },
        { "map param type", "task 'second'.mapOver", "of type integer", d => d.Activity(1)["mapOver"] = "params.days" },
        { "setup and teardown", "task 'first'.isTeardown", "not both", d => (d.Activity(0)["isSetup"], d.Activity(0)["isTeardown"]) = (true, true) },
        { "teardown rule", "task 'first'.triggerRule", "Leave triggerRule out", d => (d.Activity(0)["isTeardown"], d.Activity(0)["triggerRule"]) = (true, "all_done") },
        { "handler rule", "task 'second'.handlesFailure", "never runs after a failure", d => d.Activity(1)["handlesFailure"] = true },
        { "cycle", "edges", "first → second → first", d => Connect(d, "a2", "a1") },
        { "self edge", "task 'first'", "depends on itself", d => Connect(d, "a1", "a1") },
        { "missing end", "root.connections[1].target.activity", "no activity with the id 'a3'", d => Connect(d, "a1", "a3") },
        { "no target", "root.connections[0].target", "names no target", d => d["root"]!["connections"]![0]!.AsObject().Remove("target") },
        { "port", "root.connections[0].source.port", "no port 'Fail'", d => d["root"]!["connections"]![0]!["source"]!["port"] = "Fail" },
        { "cron", "root.schedule", "'61 3 * * *' cannot be read", d => d["root"]!["schedule"] = "61 3 * * *" },
        { "cron fields", "root.schedule", "'daily at 3' has 3 fields", d => d["root"]!["schedule"] = DocumentText.Literal("@daily | daily at 3") },
        { "preset", "root.schedule", "'@dayly' is not a known preset", d => d["root"]!["schedule"] = "@dayly" },
        { "month", "root.schedule", "'FEBRUAR' is no month; allowed are JAN to DEC", d => d["root"]!["schedule"] = "0 0 * FEBRUAR *" },
        { "empty part", "root.schedule", "One of the schedules is empty", d => d["root"]!["schedule"] = "@daily|" },
        { "zone", "root.timeZone", "IANA", d => d["root"]!["timeZone"] = "Mars/Base" },
        { "setting", "root.schedul", "Did you mean 'schedule'?", d => d["root"]!["schedul"] = "@daily" },
        { "dates", "root.endDate", "not after the start date", d => (d["root"]!["startDate"], d["root"]!["endDate"]) = ("2026-02-01", "2026-01-01") },
        { "root type", "root.type", "'Elsa.Sequence'", d => d["root"]!["type"] = "Elsa.Sequence" },
        { "root missing", "root", "has no root", d => d.Remove("root") },
        { "no tasks", "root.activities", "no tasks", d => (d["root"]!["activities"], d["root"]!["connections"]) = (new JsonArray(), new JsonArray()) },
        { "activity", "root.activities[2]", "Expected an activity", d => d["root"]!["activities"]!.AsArray().Add(3) },
        { "dag id", "definitionId", "has no id", d => d.Remove("definitionId") },
        { "dag id of dots", "dag id", "'..' cannot be a DAG id", d => d["definitionId"] = ".." },
        { "bad dag id", "dag id", "'a b' cannot be a DAG id", d => d["definitionId"] = "a b" },
        { "param type", "param 'days'.type", "Did you mean 'Boolean'?", d => d["inputs"]![1]!["type"] = "Boolen" },
        { "param name", "param '1st'", "not starting with a digit", d => d["inputs"]![1]!["name"] = "1st" },
        { "inputs no list", "inputs", "Expected a list of objects with a name, found 'x'", d => (d["inputs"], d.Activity(0)["source"]) = ("x", "s") },
        { "input no object", "inputs[1]", "Expected an object with a name, found '5'", d => d["inputs"]!.AsArray().Insert(1, 5) },
        { "input null", "inputs[2]", "found 'null'", d => d["inputs"]!.AsArray().Add(null) },
        { "variable no object", "variables[1]", "found 'v'", d => d["variables"]!.AsArray().Add("v") },
        { "enum", "param 'source'.enum", "Expected a list of the allowed values such as [\"a\", \"b\"], found 'shop'", d => d["inputs"]![0]!["enum"] = "shop" },
        { "enum empty", "param 'source'.enum", "The list of allowed values is empty", d => d["inputs"]![0]!["enum"] = new JsonArray() },
        { "enum of another type", "param 'days'.enum[1]", "'many' cannot be a value of parameter 'days': expected a whole number", d => d["inputs"]![1]!["enum"] = new JsonArray(7, "many") },
        { "enum null", "param 'source'.enum[1]", "'null' cannot be a value of parameter 'source': expected string", d => d["inputs"]![0]!["enum"] = new JsonArray("shop", null) },
        { "enum default", "variable 'source'.value", "The default \"shop\" of parameter 'source' is none of its allowed values: \"a\", \"b\"", d => d["inputs"]![0]!["enum"] = new JsonArray("a", "b") },
        { "default", "variable 'source'.value", "cannot be the default", d => (d["inputs"]![0]!["type"], d.Activity(0)["source"]) = ("Int64", "x") },
    };

    [Theory]
    [MemberData(nameof(Cases))]
    public void Each_mistake_is_one_problem_with_its_place_and_its_cure(string mistake, string place, string message, Action<JsonObject> make)
    {
        var document = DocumentText.ParseAfter(make);

        var problem = document.Problems.ShouldHaveSingleItem(mistake);
        problem.Place.ShouldBe(place);
        problem.Message.ShouldContain(message);
        document.Dag.ShouldBeNull();
    }

    [Theory]
    [InlineData("\\u0000", "U+0000")]
    [InlineData("\\ud800", "U+D800")]
    [InlineData("\\ud800x\\udc00", "U+D800", "U+DC00")]
    public void Text_that_cannot_be_kept_is_refused_with_its_place(string escaped, params string[] found)
    {
        var document = DagDocument.Parse($"{{\n  \"name\": \"a{escaped}\", \"definitionId\": \"copying\"}}", "copying.json", FakeTasks.Registry);

        document.Dag.ShouldBeNull();
        document.Problems[0].Place.ShouldBe("line 2, column 13");
        document.Problems.Select(problem => problem.Message.Split('.')[0]).ShouldBe(found.Select(character => $"The text holds {character}"));
    }

    [Fact]
    public void Whole_pairs_and_backslashes_are_no_mistake()
    {
        var text = DocumentText.Valid().ToJsonString().Replace("\"Copying\"", "\"\\ud83d\\ude00 \\\\u0000 \\\\\\\\\"", StringComparison.Ordinal);

        DagDocument.Parse(text, "copying.json", FakeTasks.Registry).Dag.ShouldNotBeNull().Name.ShouldBe("😀 \\u0000 \\\\");
    }

    [Fact]
    public void All_mistakes_are_found_at_once()
    {
        var document = DocumentText.ParseAfter(d =>
        {
            d["root"]!["schedule"] = "never";
            d.Activity(0)["type"] = "Nope";
            d.Activity(1)["count"] = "x";
            Connect(d, "a2", "a1");
        });

        document.Problems.Select(p => p.Place).ShouldBe(["task 'first'.type", "task 'second'.count", "root.schedule", "edges"], ignoreOrder: true);
    }

    [Fact]
    public void Activities_that_are_no_list_are_said_to_be_none() =>
        DocumentText.ParseAfter(d => d["root"]!["activities"] = "none").Problems.ShouldContain(p => p.Place == "root.activities" && p.Message.Contains("Expected a list"));

    [Theory]
    [InlineData("", "file", "empty")]
    [InlineData("  \n", "file", "empty")]
    [InlineData("[]", "file", "Expected one JSON object")]
    [InlineData("{\n  \"a\": 1,\n  oops\n}", "line 3, column 3", "not valid JSON")]
    [InlineData("{\"a\": 1,\n \"\\u0061\": 2}", "line 2, column 2", "The document has the member 'a' twice, first on line 1. Remove one of them.")]
    [InlineData("{\"x\": [[], {\"é\": {}, \"é\": 2}]}", "line 1, column 22", "x[1] has the member 'é' twice, first on line 1.")]
    [InlineData("{\"x\": {\"y\": [1, \"z\", {\"a\": 1, \"b\": 2, \"a\": 3}]}, \"x\": 1}", "line 1, column 39", "x.y[2] has the member 'a' twice")]
    [InlineData("{\"definitionId\": \"x\", \"root\": {", "line 1, column 32", "not valid JSON")]
    public void Text_that_is_no_definition_says_where_it_breaks(string text, string place, string message)
    {
        var problem = DagDocument.Parse(text, "x.json", FakeTasks.Registry).Problems.ShouldHaveSingleItem();

        problem.Place.ShouldBe(place);
        problem.Message.ShouldContain(message);
    }

    [Theory]
    [InlineData("Core.Wait", """{ "until": "{{ params.source }}" }""")]
    [InlineData("Core.Wait", """{ "seconds": "{{ params.days }}", "until": "{{ params.source }}" }""")]
    [InlineData("Core.Approval", """{ "subject": "x", "options": ["{{ params.source }}", "no"], "onTimeout": "shop" }""")]
    [InlineData("Core.Approval", """{ "subject": "x", "onTimeout": "{{ params.source }}" }""")]
    [InlineData("Core.Branch", """{ "outcomes": ["full", "daily"], "choose": "{{ params.source }}", "otherwise": "" }""")]
    [InlineData("Core.FileSensor", """{ "path": "/x", "pokeSeconds": 0.1, "sensorTimeoutSeconds": "{{ params.days }}" }""")]
    public void What_a_template_gives_is_no_mistake_before_it_is_known(string type, string inputs) =>
        DocumentText.ParseAfter(d => Become(d, type, inputs)).Problems.ShouldBeEmpty();

    /// <summary>Makes the second activity one of another type.</summary>
    private static void Become(JsonObject document, string type, string inputs)
    {
        (document.Activity(1)["type"], document.Activity(1)["version"]) = (type, 1);
        foreach (var (name, value) in JsonNode.Parse(inputs)!.AsObject())
            document.Activity(1)[name] = value?.DeepClone();
    }

    private static void Connect(JsonObject document, string from, string to) =>
        document["root"]!["connections"]!.AsArray().Add(new JsonObject
        {
            ["source"] = new JsonObject { ["activity"] = from, ["port"] = "Done" },
            ["target"] = new JsonObject { ["activity"] = to, ["port"] = "In" },
        });

    /// <summary>A group "more" with one task "x" after task "first".</summary>
    private static JsonObject Group(JsonObject document)
    {
        var group = new JsonObject { ["id"] = "g", ["name"] = "more", ["type"] = "Elsa.Flowchart", ["version"] = 1, ["activities"] = new JsonArray(Copy("x", "x")) };
        document["root"]!["activities"]!.AsArray().Add(group);
        Connect(document, "g", "a2");
        return group;
    }

    private static JsonObject Copy(string id, string name) => new() { ["id"] = id, ["name"] = name, ["type"] = "Test.Copy", ["version"] = 1, ["source"] = "s" };
}
