using System.Text.Json.Nodes;
using EcomWorkflows.Elsa.Definitions;
using EcomWorkflows.Orchestration.Dags;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Elsa.Tests.Definitions;

public class RoundTripTests
{
    [Fact]
    public void Every_dag_survives_being_written_and_read() =>
        Prop.ForAll(Dags.Arbitrary, dag =>
        {
            var read = DagDocument.Parse(DagDocument.Create(dag, "x.json", FakeTasks.Registry).ToJson(), "x.json", FakeTasks.Registry);
            Assert.Empty(read.Problems);
            Assert.Equal(DagHash.Canonical(dag), DagHash.Canonical(read.Dag!));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void What_studio_does_to_a_document_does_not_change_its_dag() =>
        Prop.ForAll(Dags.Arbitrary, dag =>
        {
            var document = DagDocument.Create(dag, "x.json", FakeTasks.Registry);
            Studio.Edit(document.Raw);
            var read = DagDocument.Parse(document.ToJson(), "x.json", FakeTasks.Registry);
            Assert.Empty(read.Problems);
            Assert.Equal(DagHash.Canonical(dag), DagHash.Canonical(read.Dag!));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void A_document_takes_on_any_other_dag() =>
        Prop.ForAll(Dags.Arbitrary, Dags.Arbitrary, (before, after) =>
        {
            var previous = DagDocument.Create(before, "x.json", FakeTasks.Registry).Raw;
            var read = DagDocument.Parse(DagDocument.Create(after, "x.json", FakeTasks.Registry, previous).ToJson(), "x.json", FakeTasks.Registry);
            Assert.Empty(read.Problems);
            Assert.Equal(DagHash.Canonical(after), DagHash.Canonical(read.Dag!));
        }).QuickCheckThrowOnFailure();

    [Fact]
    public void Writing_twice_gives_the_same_file() =>
        Prop.ForAll(Dags.Arbitrary, dag =>
        {
            var once = DagDocument.Create(dag, "x.json", FakeTasks.Registry);
            DagDocument.Create(dag, "x.json", FakeTasks.Registry, once.Raw).ToJson().ShouldBe(once.ToJson());
        }).QuickCheckThrowOnFailure();

    /// <summary>Studio writes edited values as text without a type name, orders members anew, reverses lists and fills in sizes.</summary>
    private static class Studio
    {
        public static void Edit(JsonObject definition)
        {
            var root = definition["root"]!.AsObject();
            foreach (var activity in root["activities"]!.AsArray().Select(a => a!.AsObject()).Append(root))
            {
                foreach (var (_, input) in activity.Where(m => m.Value is JsonObject wrapped && wrapped.ContainsKey("expression")).ToList())
                {
                    input!["typeName"] = null;
                    var expression = input["expression"]!;
                    if (expression["value"] is { } value and not JsonArray)
                        expression["value"] = value is JsonValue scalar && scalar.TryGetValue<bool>(out var truth) ? truth.ToString() : value.ToString();
                }
            }
            Reverse(root, "activities");
            Reverse(root, "connections");
        }

        private static void Reverse(JsonObject root, string member) =>
            root[member] = new JsonArray([.. root[member]!.AsArray().Reverse().Select(item => item!.DeepClone())]);
    }

    private static class Dags
    {
        private static readonly Gen<string> Word = Gen.Elements("alpha", "beta", "x-1", "Ω", "a b", "\"quoted\"", "{", "→", "42", "true");

        private static readonly Gen<TaskSettings> Settings =
            from retries in Gen.Choose(0, 20)
            from delay in Gen.Choose(0, 4000)
            from factor in Gen.Elements(1, 1.5, 2)
            from longest in Gen.OneOf(Gen.Constant<TimeSpan?>(null), Gen.Choose(1, 5000).Select(s => (TimeSpan?)TimeSpan.FromMilliseconds(s)))
            from flags in Gen.Elements(true, false)
            from timeout in Gen.OneOf(Gen.Constant<TimeSpan?>(null), Gen.Choose(1, 5000).Select(s => (TimeSpan?)TimeSpan.FromSeconds(s)))
            from rule in Gen.Elements(Enum.GetValues<TriggerRule>())
            from pool in Gen.Elements(TaskSettings.DefaultPool, "io_pool")
            from weight in Gen.Choose(-5, 5)
            from isolation in Gen.Elements(Enum.GetValues<TaskIsolation>())
            select new TaskSettings
            {
                Retries = retries, RetryDelay = TimeSpan.FromMilliseconds(delay), RetryFactor = factor, MaxRetryDelay = longest, RetryJitter = flags, InfraRetries = retries / 2,
                Timeout = timeout, TriggerRule = rule, Pool = pool, PoolSlots = 1 + (retries % 3), PriorityWeight = weight, Isolation = isolation,
                MemoryLimitMegabytes = isolation == TaskIsolation.Process && flags ? 256 : null,
            };

        private static readonly Gen<JsonObject> Inputs =
            from word in Word
            from count in Gen.Choose(-10, 10)
            from share in Gen.Elements(0, 0.1, 1e-9, 3)
            from mode in Gen.Elements("full_load", "incremental")
            from columns in Gen.ListOf(Word)
            select new JsonObject
            {
                ["count"] = count, ["share"] = share, ["full"] = count > 0, ["mode"] = mode,
                ["columns"] = new JsonArray([.. columns.Select(c => (JsonNode)c)]), ["extra"] = new JsonObject { ["word"] = word },
            };

        private static readonly Gen<DagSettings> DagSettings =
            from schedules in Gen.SubListOf("0 3 * * *", "@weekly", "0 0 12 ? * MON-FRI")
            from zone in Gen.Elements("UTC", "Europe/Berlin")
            from flag in Gen.Elements(true, false)
            from start in Gen.OneOf(Gen.Constant<DateTimeOffset?>(null), Gen.Choose(0, 1000).Select(d => (DateTimeOffset?)DateTimeOffset.UnixEpoch.AddDays(d)))
            from number in Gen.Choose(1, 50)
            from tags in Gen.ListOf(Word)
            from owner in Gen.Elements(null, "team a")
            select new DagSettings
            {
                Schedule = [.. schedules], TimeZone = zone, Catchup = flag, StartDate = start, EndDate = start?.AddDays(number), MaxActiveRuns = number,
                MaxActiveTasks = flag ? number : null, RunTimeout = flag ? TimeSpan.FromMinutes(number) : null, FailIfAnyFailed = !flag,
                PausedOnCreation = flag, Owner = owner, Tags = [.. tags],
            };

        private static readonly Gen<DagParam> Param =
            from type in Gen.Elements<(string Type, JsonNode? Default)>(
                ("string", "shop"), ("string", ""), ("string", null), ("integer", 3), ("number", 0.5), ("boolean", true), ("object", new JsonObject { ["a"] = "b" }), ("array", new JsonArray(1, "x")), ("array", null))
            from description in Gen.Elements(null, "What it is for.")
            from isListed in Gen.Elements(true, false)
            select new DagParam("p", type.Type, description, type.Default?.DeepClone(), isListed && type.Default is not null ? [type.Default.DeepClone()] : null);

        private static readonly Gen<Dag> All =
            from count in Gen.Choose(1, 8)
            from settings in Gen.ArrayOf(Settings, count)
            from inputs in Gen.ArrayOf(Inputs, count)
            from displayed in Gen.Elements(true, false)
            from edges in Gen.SubListOf(Enumerable.Range(0, count).SelectMany(to => Enumerable.Range(0, to).Select(above => new DagEdge($"t{above}", $"t{to}"))).ToArray())
            from dagSettings in DagSettings
            from parameters in Gen.ListOf(Param)
            from description in Gen.Elements(null, "Tells what it does.")
            select new Dag(
                "dag-1", displayed ? "A name" : "dag-1", description, dagSettings, [.. parameters.Select((p, i) => p with { Name = $"p{i}" })],
                [.. Enumerable.Range(0, count).Select(i => new DagTask($"t{i}", "Test.Typed", displayed ? $"Task {i}" : $"t{i}", (JsonObject)inputs[i].DeepClone(), settings[i]))],
                [.. edges]);

        public static Arbitrary<Dag> Arbitrary { get; } = All.ToArbitrary();
    }
}
