using System.Text;
using EcomWorkflows.Pipeline.Ingestion.Parsing;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class DigitsTests
{
    private const string Before = "12345678,98765432109876543,";

    [Theory]
    [InlineData("0", 0)]
    [InlineData("7", 7)]
    [InlineData("00000000", 0)]
    [InlineData("99999999", 99_999_999)]
    [InlineData("100000000", 100_000_000)]
    [InlineData("1430000000123", 1_430_000_000_123)]
    [InlineData("9999999999999999", 9_999_999_999_999_999)]
    public void Digits_are_a_number(string digits, long value) => Parse(digits).ShouldBe(value);

    [Theory]
    [InlineData("")]
    [InlineData("-1")]
    [InlineData("1.5")]
    [InlineData("12:4")]
    [InlineData("1/2")]
    [InlineData("123456789 ")]
    [InlineData("1é")]
    [InlineData("12345678901234567")]
    public void Anything_else_is_left_to_others(string text) => Parse(text).ShouldBeNull();

    [Fact]
    public void Near_the_beginning_of_the_text_it_looks_at_nothing_before_it()
    {
        var text = "42,7\n"u8;
        Digits.TryParse(text, ..2, out _).ShouldBeFalse();
        Digits.TryParse(text, 3..4, out _).ShouldBeFalse();
    }

    [Fact]
    public void It_agrees_with_the_library() => Prop.ForAll(
        Gen.Choose(0, 16).SelectMany(length => Gen.Choose('0', '9').ArrayOf(length)).ToArbitrary(), Gen.Choose(0, 40).ToArbitrary(), Gen.Choose(0, 255).ToArbitrary(),
        (digits, spoilt, with) =>
        {
            byte[] text = [.. digits.Select((digit, at) => (byte)(at == spoilt ? with : digit))];
            var isNumber = text.Length > 0 && text.All(letter => letter is >= (byte)'0' and <= (byte)'9');
            return Parse(text) == (isNumber ? long.Parse(Encoding.ASCII.GetString(text)) : null);
        }).QuickCheckThrowOnFailure();

    private static long? Parse(string text) => Parse(Encoding.UTF8.GetBytes(text));

    private static long? Parse(byte[] text)
    {
        byte[] all = [.. Encoding.ASCII.GetBytes(Before), .. text, (byte)',', (byte)'5'];
        return Digits.TryParse(all, Before.Length..(Before.Length + text.Length), out var value) ? value : null;
    }
}
