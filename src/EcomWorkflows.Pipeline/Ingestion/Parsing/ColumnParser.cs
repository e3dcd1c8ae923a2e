using System.Buffers.Text;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Orchestration.Tasks;
using EcomWorkflows.Pipeline.Sources;

namespace EcomWorkflows.Pipeline.Ingestion.Parsing;

/// <summary>Reads a column's text as its declared type and appends it.</summary>
/// <param name="column">Name and type as declared.</param>
/// <param name="expected">What a value must look like, for messages.</param>
internal abstract class ColumnParser(SourceColumn column, string expected)
{
    public string Name => column.Name;

    public string Type => column.Type;

    public string Expected => expected;

    /// <summary>Appends the value; false, with nothing appended, when the text is no value of the type.</summary>
    public abstract bool TryAppend(ReadOnlySpan<byte> text, DuckDbRowWriter appender);

    /// <summary>Appends a field of the first records of a batch to a column, and returns how many, up to the first that is no value of the type.</summary>
    public virtual int AppendAll(RecordBatch batch, int field, int rows, ValueFormat values, DuckDbRowWriter appender, int column)
    {
        var all = batch.Text;
        for (var row = 0; row < rows; row++)
        {
            var text = batch.Field(all, row, field);
            appender.Seek(column, row);
            if (values.IsNull(text))
                appender.AppendNull();
            else if (!TryAppend(text, appender))
                return row;
        }
        return rows;
    }

    /// <exception cref="TaskFailedException">The mapping declares a type that ingestion does not read.</exception>
    public static ColumnParser Create(SourceColumn column, ValueFormat format, SourceMapping mapping, string entity) => column.Type.ToLowerInvariant() switch
    {
        "varchar" or "text" => new TextParser(column),
        "boolean" or "bool" => new BooleanParser(column),
        "smallint" => new IntegerParser(column, short.MinValue, short.MaxValue),
        "integer" or "int" => new IntegerParser(column, int.MinValue, int.MaxValue),
        "bigint" => new IntegerParser(column, long.MinValue, long.MaxValue),
        "double" or "float" => new DoubleParser(column, format.DecimalComma),
        "date" => new DateParser(column, format.Dates),
        "timestamp" => new TimestampParser(column, format.Timestamps),
        var type when ColumnType.IsDecimal(type) => new DecimalParser(column, format.DecimalComma),
        _ => throw new TaskFailedException(
            $"{mapping.File}: entities.{entity}.columns: column '{column.Name}' has type '{column.Type}'; allowed are {ColumnType.Allowed}.", retryable: false),
    };

    private protected static ReadOnlySpan<byte> Trim(ReadOnlySpan<byte> text) => text.Trim((byte)' ');

    /// <summary>The text with a point before the fraction.</summary>
    private protected static ReadOnlySpan<byte> WithPoint(ReadOnlySpan<byte> text, bool decimalComma, Span<byte> room)
    {
        if (!decimalComma || text.Length > room.Length)
            return text;
        // A point in a number with a decimal comma would be a thousands separator: not read as a fraction by mistake.
        if (text.Contains((byte)'.'))
            return default;
        text.Replace(room[..text.Length], (byte)',', (byte)'.');
        return room[..text.Length];
    }

    private sealed class TextParser(SourceColumn column) : ColumnParser(column, "text")
    {
        public override bool TryAppend(ReadOnlySpan<byte> text, DuckDbRowWriter appender)
        {
            appender.Append(text);
            return true;
        }

        public override int AppendAll(RecordBatch batch, int field, int rows, ValueFormat values, DuckDbRowWriter appender, int column)
        {
            var all = batch.Text;
            var slots = appender.Column(column);
            for (var row = 0; row < rows; row++)
            {
                var text = batch.Field(all, row, field);
                if (values.IsNull(text))
                    slots.Null(row);
                else
                    slots.ValidUtf8(row, text);
            }
            return rows;
        }
    }

    private sealed class IntegerParser(SourceColumn column, long lowest, long highest) : ColumnParser(column, $"a whole number from {lowest} to {highest}")
    {
        public override bool TryAppend(ReadOnlySpan<byte> text, DuckDbRowWriter appender)
        {
            if (!TryParse(text, out var value))
                return false;
            appender.Append(value);
            return true;
        }

        public override int AppendAll(RecordBatch batch, int field, int rows, ValueFormat values, DuckDbRowWriter appender, int column)
        {
            if (lowest > long.MinValue)
                return base.AppendAll(batch, field, rows, values, appender, column);
            var all = batch.Text;
            var slots = appender.Column(column);
            var numbers = slots.BigInts();
            for (var row = 0; row < rows; row++)
            {
                var place = batch.Place(row, field);
                var text = all[place];
                if (values.IsNull(text))
                    slots.Null(row);
                else if (!Digits.TryParse(all, place, out numbers[row]) && !TryParse(text, out numbers[row]))
                    return row;
            }
            return rows;
        }

        private bool TryParse(ReadOnlySpan<byte> text, out long value)
        {
            text = Trim(text);
            return Utf8Parser.TryParse(text, out value, out var read) && read == text.Length && value >= lowest && value <= highest;
        }
    }

    private sealed class DoubleParser(SourceColumn column, bool decimalComma) : ColumnParser(column, decimalComma ? "a number with a decimal comma" : "a number")
    {
        public override bool TryAppend(ReadOnlySpan<byte> text, DuckDbRowWriter appender)
        {
            Span<byte> room = stackalloc byte[64];
            var number = WithPoint(Trim(text), decimalComma, room);
            if (!Utf8Parser.TryParse(number, out double value, out var read) || read != number.Length || !double.IsFinite(value))
                return false;
            appender.Append(value);
            return true;
        }
    }

    private sealed class DecimalParser(SourceColumn column, bool decimalComma) : ColumnParser(column, $"a number that fits {column.Type}")
    {
        public override bool TryAppend(ReadOnlySpan<byte> text, DuckDbRowWriter appender)
        {
            Span<byte> room = stackalloc byte[64];
            var number = WithPoint(Trim(text), decimalComma, room);
            if (!Utf8Parser.TryParse(number, out decimal value, out var read) || read != number.Length)
                return false;
            try
            {
                appender.Append(value);
                return true;
            }
            catch (OverflowException)
            {
                return false;
            }
        }
    }

    private sealed class BooleanParser(SourceColumn column) : ColumnParser(column, "true, false, yes, no, t, f, 1 or 0")
    {
        public override bool TryAppend(ReadOnlySpan<byte> text, DuckDbRowWriter appender)
        {
            bool? value = System.Text.Encoding.UTF8.GetString(Trim(text)).ToLowerInvariant() switch
            {
                "true" or "t" or "yes" or "1" => true,
                "false" or "f" or "no" or "0" => false,
                _ => null,
            };
            if (value is null)
                return false;
            appender.Append(value.Value);
            return true;
        }
    }

    private sealed class DateParser(SourceColumn column, IReadOnlyList<TimestampPattern> patterns)
        : ColumnParser(column, $"a date written {string.Join(" or ", patterns)}")
    {
        public override bool TryAppend(ReadOnlySpan<byte> text, DuckDbRowWriter appender)
        {
            text = Trim(text);
            foreach (var pattern in patterns)
            {
                if (!pattern.TryParse(text, out var time))
                    continue;
                appender.Append(DateOnly.FromDateTime(time));
                return true;
            }
            return false;
        }
    }

    private sealed class TimestampParser(SourceColumn column, IReadOnlyList<TimestampPattern> patterns)
        : ColumnParser(column, $"a time written {string.Join(" or ", patterns)}")
    {
        public override bool TryAppend(ReadOnlySpan<byte> text, DuckDbRowWriter appender)
        {
            text = Trim(text);
            foreach (var pattern in patterns)
            {
                if (!pattern.TryParse(text, out var time))
                    continue;
                appender.Append(time);
                return true;
            }
            return false;
        }
    }
}
