using EcomWorkflows.Pipeline.Features;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Features;

public class CompactValuesTests
{
    private static readonly FeatureDefinition[] Features =
    [
        new("amount", "g", "d"), new("count", "g", "d") { Type = FeatureType.Int64 }, new("member", "g", "d") { Type = FeatureType.Bool },
        new("seen", "g", "d") { Type = FeatureType.Timestamp }, new("note", "g", "d") { Type = FeatureType.String },
    ];

    private static readonly double?[] Numbers = [null, 0, -0.0, 1, 255, 256, 0.5, -1, 254.999, double.Epsilon, double.MaxValue, 1e300, -3];

    [Fact]
    public void Every_value_of_every_type_comes_back_as_it_was()
    {
        var random = new Random(5);
        for (var row = 0; row < 5_000; row++)
        {
            object?[] values =
            [
                Numbers[random.Next(Numbers.Length)], random.Next(3) switch { 0 => null, 1 => (long)random.Next(300), _ => random.NextInt64(long.MinValue + 1, long.MaxValue) },
                random.Next(3) switch { 0 => null, 1 => false, _ => true }, random.Next(2) == 0 ? null : DateTimeOffset.UnixEpoch.AddSeconds(random.Next()),
                random.Next(3) switch { 0 => null, 1 => "", _ => new string('ä', random.Next(40)) },
            ];
            var packed = PackedValues.Pack(Features, values);

            var stored = CompactValues.Of(packed, Features.Length);

            stored.Length.ShouldBeLessThanOrEqualTo(packed.Length);
            CompactValues.Expand(stored, Features.Length).ShouldBe(packed);
            CompactValues.Of(stored, Features.Length).ShouldBe(stored);
        }
    }

    [Fact]
    public void Rows_written_in_bulk_are_stored_as_single_ones_are()
    {
        var features = Numbers.Select((_, i) => new FeatureDefinition($"f{i}", "g", "d")).ToArray();
        var random = new Random(7);
        for (var row = 0; row < 1_000; row++)
        {
            var values = Numbers.Select(_ => Numbers[random.Next(Numbers.Length)]).ToArray();
            var written = new byte[CompactValues.MostBytes(values.Length)];

            var length = CompactValues.WriteShorter([.. values.Select(v => CompactValues.BitsOf(v ?? double.NaN))], written);

            written[..length].ShouldBe(CompactValues.Of(PackedValues.Pack(features, [.. values.Cast<object?>()]), values.Length));
        }
    }

    [Fact]
    public void A_row_of_zeros_and_unknown_values_is_two_bits_for_each()
    {
        var values = new object?[36];
        values[7] = 0.0;
        values[9] = 3.0;

        var stored = CompactValues.Of(PackedValues.Pack([.. values.Select((_, i) => new FeatureDefinition($"f{i}", "g", "d"))], values), values.Length);

        stored.Length.ShouldBe(9 + 1);
    }

    [Fact]
    public void What_an_older_program_stored_is_read_as_it_is()
    {
        var packed = PackedValues.Pack(Features, [1.5, 7L, null, null, "text"]);

        CompactValues.Expand(packed, Features.Length).ShouldBe(packed);
    }

    [Fact]
    public void Values_of_another_view_are_refused()
    {
        var features = Enumerable.Range(0, 5).Select(i => new FeatureDefinition($"f{i}", "g", "d")).ToArray();
        var stored = CompactValues.Of(PackedValues.Pack(features, [0.0, 0.1, 0.2, null, 5.0]), features.Length);

        Should.Throw<InvalidDataException>(() => CompactValues.Expand(stored[..^1], features.Length)).Message.ShouldContain("materialise the view again");
        Should.Throw<InvalidDataException>(() => CompactValues.Expand([], features.Length));
    }
}
