using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Features;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Features;

public class FeatureMomentsTests
{
    /// <summary>Lengths around those of several numbers at a time; what is no number, infinite or null in every place.</summary>
    [Theory]
    [InlineData(0)]
    [InlineData(1)]
    [InlineData(3)]
    [InlineData(4)]
    [InlineData(7)]
    [InlineData(8)]
    [InlineData(17)]
    [InlineData(64)]
    [InlineData(131)]
    public void Moments_are_those_of_the_numbers_one_by_one(int length)
    {
        double[] odd = [double.NaN, double.PositiveInfinity, double.NegativeInfinity, -0.0];
        var random = new Random(length);
        double[] plain = [.. Enumerable.Range(0, length).Select(_ => Math.Round(random.NextDouble() * 200) - 100)];
        Check(plain, valid: []);
        Check([.. plain, double.PositiveInfinity, .. plain, double.NegativeInfinity], valid: []);
        for (var place = 0; place < length; place++)
        {
            var valid = new ulong[(length + 63) / 64];
            Array.Fill(valid, ulong.MaxValue);
            valid[place >> 6] &= ~(1UL << (place & 63));
            Check(plain, valid);
            foreach (var value in odd)
                Check([.. plain.Select((number, row) => row == place ? value : number)], valid: []);
        }
    }

    private static void Check(double[] values, ulong[] valid)
    {
        var moments = new FeatureMoments();
        int[] sampled = [.. Enumerable.Range(0, values.Length).Where(row => row % 3 == 0)];

        moments.Add(values, new DuckDbValidity(valid), sampled);
        var once = (moments.Count, moments.Sum, moments.Min, moments.Max);
        moments.Add([7], default, []);

        int[] known = [.. Enumerable.Range(0, values.Length).Where(row => valid.Length == 0 || (valid[row >> 6] & (1UL << (row & 63))) != 0)];
        double[] numbers = [.. known.Select(row => values[row]).Where(value => !double.IsNaN(value))];
        once.ShouldBe((known.Length, numbers.Sum(), numbers.Length == 0 ? null : numbers.Min(), numbers.Length == 0 ? null : numbers.Max()));
        moments.Count.ShouldBe(known.Length + 1);
        moments.Squares.ShouldBe(numbers.Append(7).Sum(number => number * number));
        moments.Min.ShouldBe(numbers.Append(7).Min());
        moments.Max.ShouldBe(numbers.Append(7).Max());
        moments.Sample.ShouldBe(sampled.Intersect(known).Select(row => values[row]).Where(value => !double.IsNaN(value)));
    }
}
