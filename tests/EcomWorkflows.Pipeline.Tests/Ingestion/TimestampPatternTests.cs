using System.Text;
using EcomWorkflows.Pipeline.Ingestion.Parsing;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class TimestampPatternTests
{
    [Theory]
    [InlineData("%Y-%m-%d %H:%M:%S", "2010-12-01 08:26:07", "2010-12-01T08:26:07.0000000Z")]
    [InlineData("%m/%d/%Y %H:%M", "12/1/2010 8:26", "2010-12-01T08:26:00.0000000Z")]
    [InlineData("%-d.%-m.%y", "1.2.03", "2003-02-01T00:00:00.0000000Z")]
    [InlineData("%d/%m/%Y %I:%M %p", "01/02/2020 12:05 am", "2020-02-01T00:05:00.0000000Z")]
    [InlineData("%d/%m/%Y %I:%M %p", "01/02/2020 12:05 PM", "2020-02-01T12:05:00.0000000Z")]
    [InlineData("%Y-%m-%dT%H:%M:%S.%f%z", "2020-01-01T00:30:00.125+02:00", "2019-12-31T22:30:00.1250000Z")]
    [InlineData("%Y-%m-%dT%H:%M:%S%z", "2020-01-01T00:30:00Z", "2020-01-01T00:30:00.0000000Z")]
    [InlineData("%s", "1433193132", "2015-06-01T21:12:12.0000000Z")]
    [InlineData("%Y%m%d", "20200229", "2020-02-29T00:00:00.0000000Z")]
    [InlineData("%d%%%m", "05%06", "1970-06-05T00:00:00.0000000Z")]
    public void A_text_of_the_pattern_is_read(string pattern, string text, string expected)
    {
        TimestampPattern.TryCompile(pattern, out var compiled).ShouldBeTrue();
        compiled.TryParse(Encoding.UTF8.GetBytes(text), out var time).ShouldBeTrue();
        time.ToString("O").ShouldBe(expected);
        time.Kind.ShouldBe(DateTimeKind.Utc);
    }

    [Theory]
    [InlineData("%Y-%m-%d", "2021-02-29")]
    [InlineData("%Y-%m-%d", "2021-13-01")]
    [InlineData("%Y-%m-%d", "2021-00-01")]
    [InlineData("%Y-%m-%d", "2021-01-01 ")]
    [InlineData("%Y-%m-%d", "21-01-01")]
    [InlineData("%Y-%m-%d %H:%M:%S", "2021-01-01 24:00:00")]
    [InlineData("%Y-%m-%d %H:%M:%S", "2021-01-01 10:60:00")]
    [InlineData("%Y-%m-%d %H:%M:%S", "2021-01-01")]
    [InlineData("%I:%M %p", "13:00 pm")]
    [InlineData("%s", "tomorrow")]
    [InlineData("%H:%M%z", "10:00+99:00")]
    public void A_text_that_is_no_time_of_the_pattern_is_refused(string pattern, string text)
    {
        TimestampPattern.TryCompile(pattern, out var compiled).ShouldBeTrue();
        compiled.TryParse(Encoding.UTF8.GetBytes(text), out _).ShouldBeFalse();
    }

    [Theory]
    [InlineData("")]
    [InlineData("%Q")]
    [InlineData("%Y-%")]
    [InlineData("%Y年")]
    public void A_pattern_with_something_unknown_does_not_compile(string pattern) => TimestampPattern.TryCompile(pattern, out _).ShouldBeFalse();
}
