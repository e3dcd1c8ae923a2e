using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Execution;
using EcomWorkflows.Orchestration.Tasks;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Orchestration.Tests.Execution;

public class When_tasks_share_inputs
{
    private static readonly TaskDescriptor Shipping = TaskRegistration.Describe(typeof(ShipTask));

    [Fact]
    public void They_are_described_among_the_tasks_own()
    {
        Shipping.Inputs.Select(input => (input.Name, input.Description, input.Default)).ShouldBe(
            [("Order", "What to ship.", null), ("Price", "What it costs.", 10.0), ("Label", "What stands on it.", "parcel"), ("Fast", "Whether it hurries.", false), ("Way", "Which way.", Way.ByRoad), ("Marks", "", null)]);
    }

    [Fact]
    public void They_are_read_by_their_own_names_and_keep_their_defaults()
    {
        Read("""{ "order": "A1", "price": "12.5", "fast": true }""").ShouldBe(new ShipInputs { Order = "A1", Fast = true, Postage = new Postage { Price = 12.5 } });
        Read("""{ "order": "A1" }""").ShouldBe(new ShipInputs { Order = "A1" });
    }

    [Fact]
    public void A_number_that_a_template_gives_becomes_text_where_text_is_wanted() => Read("""{ "order": "A1", "label": 7 }""").Postage.Label.ShouldBe("7");

    [Theory]
    [InlineData("[1, \"é\"]", "[1,\"é\"]")]
    [InlineData("{ \"a\": null }", "{\"a\":null}")]
    public void An_object_or_list_that_a_template_gives_becomes_json_where_text_is_wanted(string given, string text)
    {
        Read($$"""{ "order": "A1", "label": {{given}} }""").Postage.Label.ShouldBe(text);
        Read($$"""{ "order": "A1", "marks": { "one": {{given}} } }""").Marks!["one"].ShouldBe(text);
    }

    [Fact]
    public void The_group_itself_is_no_input() => Read("""{ "order": "A1", "postage": { "price": 3 } }""").Postage.Price.ShouldBe(10);

    [Fact]
    public void They_are_written_as_they_are_read()
    {
        var inputs = new ShipInputs { Order = "A1", Postage = new Postage { Price = 3, Label = "letter" } };

        var json = JsonSerializer.SerializeToNode(inputs, TaskJson.Options)!.AsObject();

        json.Select(member => member.Key).ShouldBe(["order", "fast", "way", "marks", "price", "label"], ignoreOrder: true);
        Read(json.ToJsonString()).ShouldBe(inputs);
    }

    [Fact]
    public void A_value_that_does_not_fit_is_refused() => Should.Throw<JsonException>(() => Read("""{ "order": "A1", "price": "much" }"""));

    [Fact]
    public void A_value_that_is_none_of_the_choices_is_refused_with_these() =>
        Should.Throw<JsonException>(() => Read("""{ "order": "A1", "way": "pigeon" }""")).Message.ShouldBe("way is \"pigeon\"; allowed are by_road, by_air.");

    [Theory]
    [InlineData("-0.5")]
    [InlineData("\"1000.5\"")]
    [InlineData("\"NaN\"")]
    public void A_number_outside_of_its_range_is_refused_with_the_range(string price) =>
        Should.Throw<JsonException>(() => Read($$"""{ "order": "A1", "price": {{price}} }""")).Message.ShouldBe($"price is {price}; allowed are 0 to 1000.");

    [Fact]
    public void A_choice_is_read_by_its_name() => Read("""{ "order": "A1", "way": "by_air" }""").Way.ShouldBe(Way.ByAir);

    private static ShipInputs Read(string json) => (ShipInputs)TaskInvoker.For(Shipping).ReadInputs(JsonNode.Parse(json)!.AsObject());

    public enum Way
    {
        ByRoad,
        ByAir,
    }

    public sealed record Postage
    {
        [TaskInput("What it costs.", Min = 0, Max = 1000)]
        public double Price { get; init; } = 10;

        [TaskInput("What stands on it.")]
        public string Label { get; init; } = "parcel";

        /// <summary>Computed, and no input.</summary>
        public double Twice => 2 * Price;
    }

    public sealed record ShipInputs
    {
        [TaskInput("What to ship.")]
        public required string Order { get; init; }

        [TaskInputGroup]
        public Postage Postage { get; init; } = new();

        [TaskInput("Whether it hurries.")]
        public bool Fast { get; init; }

        [TaskInput("Which way.")]
        public Way Way { get; init; }

        public IReadOnlyDictionary<string, string>? Marks { get; init; }
    }

    [TaskType("Test.Ship", DisplayName = "Ship", Category = "Test", Description = "Ships.")]
    public sealed class ShipTask : ITask<ShipInputs, ShipInputs>
    {
        public Task<TaskResult<ShipInputs>> RunAsync(ShipInputs inputs, TaskContext context, CancellationToken cancellationToken) => Task.FromResult<TaskResult<ShipInputs>>(inputs);
    }
}
