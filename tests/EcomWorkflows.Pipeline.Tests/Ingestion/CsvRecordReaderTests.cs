using System.Text;
using EcomWorkflows.Pipeline.Ingestion;
using EcomWorkflows.Pipeline.Ingestion.Csv;
using FsCheck;
using FsCheck.Fluent;
using Shouldly;
using Xunit;

namespace EcomWorkflows.Pipeline.Tests.Ingestion;

public sealed class CsvRecordReaderTests
{
    [Fact]
    public void Records_are_split_at_delimiters_and_line_ends() =>
        Read("a,b,c\n1,,3\r\nx,y,").ShouldBe([(1, "a|b|c"), (2, "1||3"), (3, "x|y|")]);

    [Fact]
    public void Quoted_fields_hold_delimiters_line_ends_and_doubled_quotes() =>
        Read("\"a,b\",\"two\nlines\",\"say \"\"hi\"\"\"\nnext,,\"\"\r\n").ShouldBe([(1, "a,b|two\nlines|say \"hi\""), (3, "next||")]);

    [Fact]
    public void A_quote_inside_a_field_without_quotes_is_text() => Read("6\" PLATE,2\n").ShouldBe([(1, "6\" PLATE|2")]);

    [Fact]
    public void Empty_lines_are_passed_over_but_counted() => Read("\n\r\na,b\n\n\nc,d\n").ShouldBe([(3, "a|b"), (6, "c|d")]);

    [Fact]
    public void A_byte_order_mark_is_no_text() => Read("\uFEFFa,b\n1,2").ShouldBe([(1, "a|b"), (2, "1|2")]);

    [Fact]
    public void A_stray_quote_costs_its_own_line_only() =>
        Read("a,b\n\"lost,2\n3,4\n\"x\"y,5\n6,\"7\"\n").ShouldBe([(1, "a|b"), (2, "TextAfterQuote"), (3, "3|4"), (4, "TextAfterQuote"), (5, "6|7")]);

    [Fact]
    public void A_quote_that_is_never_closed_costs_its_own_line_only() =>
        Read("a,b\n1,\"open\n3,4\n5,6").ShouldBe([(1, "a|b"), (2, "UnclosedQuote"), (3, "3|4"), (4, "5|6")]);

    [Fact]
    public void An_empty_file_has_no_records() => Read("").ShouldBeEmpty();

    [Fact]
    public void A_record_longer_than_the_buffer_is_read_whole()
    {
        var text = new string('x', 3_000_000);
        Read($"{text},1\n2,3\n").ShouldBe([(1, $"{text}|1"), (2, "2|3")]);
    }

    [Fact]
    public void The_last_line_says_whether_it_was_ended()
    {
        var reader = Reader("a,b\n1,2");
        reader.Read();
        reader.HasLineEnd.ShouldBeTrue();
        reader.Read();
        reader.HasLineEnd.ShouldBeFalse();
        Encoding.UTF8.GetString(reader.Raw).ShouldBe("1,2");
    }

    [Fact]
    public void Lines_without_quotes_are_taken_many_at_a_time_up_to_one_that_must_be_read_alone()
    {
        var reader = Reader("\uFEFF\n1,2\r\n\n3,\n\r\n5,6,7\n8,9\n\"10\",11\n12");
        var batch = new RecordBatch(fields: 2, capacity: 10);
        reader.TryRead(batch, most: 10).ShouldBeTrue();
        Shown().ShouldBe(["2: 1|2", "4: 3|"]);
        reader.TryRead(batch, most: 10).ShouldBeFalse();
        reader.Read().ShouldBeTrue();
        (reader.Line, reader.FieldCount).ShouldBe((6, 3));
        reader.TryRead(batch, most: 10).ShouldBeTrue();
        Shown().ShouldBe(["7: 8|9"]);
        reader.TryRead(batch, most: 10).ShouldBeFalse();
        reader.Read().ShouldBeTrue();
        (reader.Line, Encoding.UTF8.GetString(reader.Field(0))).ShouldBe((8, "10"));
        reader.TryRead(batch, most: 10).ShouldBeFalse();
        reader.Read().ShouldBeTrue();
        (reader.Line, reader.HasLineEnd).ShouldBe((9, false));
        reader.TryRead(batch, most: 10).ShouldBeFalse();
        reader.Read().ShouldBeFalse();

        IEnumerable<string> Shown() => Enumerable.Range(0, batch.Rows)
            .Select(row => $"{batch.Line(row)}: {Encoding.UTF8.GetString(batch.Field(batch.Text, row, 0))}|{Encoding.UTF8.GetString(batch.Field(batch.Text, row, 1))}");
    }

    [Fact]
    public void Records_given_back_are_read_again()
    {
        var reader = Reader("1,2\n\n3,4\n5,6\n");
        var batch = new RecordBatch(fields: 2, capacity: 3);
        reader.TryRead(batch, most: 3).ShouldBeTrue();
        batch.Rows.ShouldBe(3);
        reader.Keep(batch, 1);
        reader.Read().ShouldBeTrue();
        (reader.Line, Encoding.UTF8.GetString(reader.Raw)).ShouldBe((3, "3,4"));
        reader.TryRead(batch, most: 1).ShouldBeTrue();
        (batch.Rows, batch.Line(0)).ShouldBe((1, 4));
    }

    [Fact]
    public void What_is_written_by_the_rules_is_read_back_with_its_lines()
    {
        var field = Gen.Elements("", "a", "plain text", "with, comma", "with \"quotes\"", "two\nlines", "£ and ☃", "\"", " ", "6\" PLATE", new string('z', 300)).ArrayOf(3);
        var records = field.ArrayOf().ToArbitrary();
        Prop.ForAll(records, rows =>
        {
            var text = new StringBuilder("h1,h2,h3\r\n");
            var expected = new List<(long, string)> { (1, "h1|h2|h3") };
            var line = 2L;
            foreach (var row in rows)
            {
                expected.Add((line, string.Join('|', row)));
                var written = string.Join(',', row.Select(value => value.AsSpan().ContainsAny(",\"\n") ? $"\"{value.Replace("\"", "\"\"")}\"" : value));
                text.Append(written).Append('\n');
                line += written.Count(character => character == '\n') + 1;
            }
            return Read(text.ToString()).SequenceEqual(expected) && Read(text.ToString(), oneByteAtATime: true).SequenceEqual(expected);
        }).Check(Config.QuickThrowOnFailure.WithMaxTest(200));
    }

    private static CsvRecordReader Reader(string text) => new(new MemoryStream(Encoding.UTF8.GetBytes(text)), (byte)',', (byte)'"');

    private static List<(long Line, string Fields)> Read(string text, bool oneByteAtATime = false)
    {
        var bytes = new MemoryStream(Encoding.UTF8.GetBytes(text));
        var reader = new CsvRecordReader(oneByteAtATime ? new TricklingStream(bytes) : bytes, (byte)',', (byte)'"');
        var records = new List<(long, string)>();
        while (reader.Read())
        {
            var fields = Enumerable.Range(0, reader.FieldCount).Select(index => Encoding.UTF8.GetString(reader.Field(index)));
            records.Add((reader.Line, reader.Fault == CsvFault.None ? string.Join('|', fields) : $"{reader.Fault}"));
        }
        return records;
    }
}
