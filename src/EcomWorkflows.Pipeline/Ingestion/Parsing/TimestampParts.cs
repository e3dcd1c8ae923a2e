namespace EcomWorkflows.Pipeline.Ingestion.Parsing;

/// <summary>What a pattern has read of a time so far.</summary>
internal ref struct TimestampParts()
{
    private int year = 1970;
    private int month = 1;
    private int day = 1;
    private int hour;
    private int minute;
    private int second;
    private long fractionTicks;
    private long? epochSeconds;
    private int offsetMinutes;
    private bool? afternoon;

    public bool TryRead(char directive, ref ReadOnlySpan<byte> text) => directive switch
    {
        'Y' => TryNumber(ref text, 4, 4, out year),
        'y' => TryShortYear(ref text),
        'm' => TryNumber(ref text, 1, 2, out month),
        'd' => TryNumber(ref text, 1, 2, out day),
        'H' or 'I' => TryNumber(ref text, 1, 2, out hour),
        'M' => TryNumber(ref text, 1, 2, out minute),
        'S' => TryNumber(ref text, 1, 2, out second),
        'f' => TryFraction(ref text),
        'p' => TryHalf(ref text),
        'z' => TryOffset(ref text),
        's' => TryEpoch(ref text),
        _ => TryLiteral(ref text, '%'),
    };

    public readonly bool TryMake(out DateTime time)
    {
        time = default;
        if (epochSeconds is { } seconds)
        {
            // From year 1 to year 9999.
            if (seconds is < -62_135_596_800 or > 253_402_300_799)
                return false;
            time = DateTime.UnixEpoch.AddSeconds(seconds).AddTicks(fractionTicks);
            return true;
        }
        var hours = afternoon is null ? hour : hour is < 1 or > 12 ? -1 : (hour % 12) + (afternoon.Value ? 12 : 0);
        if (year < 1 || month is < 1 or > 12 || day < 1 || day > DateTime.DaysInMonth(year, month) || hours is < 0 or > 23 || minute > 59 || second > 59)
            return false;
        var local = new DateTime(year, month, day, hours, minute, second, DateTimeKind.Utc).AddTicks(fractionTicks);
        var ticks = local.Ticks - (offsetMinutes * TimeSpan.TicksPerMinute);
        if (ticks < DateTime.MinValue.Ticks || ticks > DateTime.MaxValue.Ticks)
            return false;
        time = new DateTime(ticks, DateTimeKind.Utc);
        return true;
    }

    private static bool TryNumber(ref ReadOnlySpan<byte> text, int fewest, int most, out int number)
    {
        number = 0;
        var digits = 0;
        while (digits < most && digits < text.Length && text[digits] is >= (byte)'0' and <= (byte)'9')
            number = (number * 10) + text[digits++] - '0';
        text = text[digits..];
        return digits >= fewest;
    }

    private static bool TryLiteral(ref ReadOnlySpan<byte> text, char literal)
    {
        if (text.IsEmpty || text[0] != literal)
            return false;
        text = text[1..];
        return true;
    }

    private bool TryShortYear(ref ReadOnlySpan<byte> text)
    {
        var read = TryNumber(ref text, 2, 2, out year);
        // POSIX: 69 to 99 are of the last century.
        year += year >= 69 ? 1900 : 2000;
        return read;
    }

    private bool TryFraction(ref ReadOnlySpan<byte> text)
    {
        var before = text.Length;
        if (!TryNumber(ref text, 1, 9, out var number))
            return false;
        fractionTicks = (long)(number * Math.Pow(10, 7 - (before - text.Length)));
        return true;
    }

    private bool TryHalf(ref ReadOnlySpan<byte> text)
    {
        if (text.Length < 2 || (text[1] | 0x20) != 'm' || (text[0] | 0x20) is not ('a' or 'p'))
            return false;
        afternoon = (text[0] | 0x20) == 'p';
        text = text[2..];
        return true;
    }

    private bool TryOffset(ref ReadOnlySpan<byte> text)
    {
        if (TryLiteral(ref text, 'Z'))
            return true;
        var sign = text.IsEmpty ? 0 : text[0] == '+' ? 1 : text[0] == '-' ? -1 : 0;
        if (sign == 0)
            return false;
        text = text[1..];
        if (!TryNumber(ref text, 2, 2, out var hours))
            return false;
        TryLiteral(ref text, ':');
        TryNumber(ref text, 0, 2, out var minutes);
        offsetMinutes = sign * ((hours * 60) + minutes);
        return hours <= 14 && minutes <= 59;
    }

    private bool TryEpoch(ref ReadOnlySpan<byte> text)
    {
        if (!System.Buffers.Text.Utf8Parser.TryParse(text, out long seconds, out var read))
            return false;
        epochSeconds = seconds;
        text = text[read..];
        return true;
    }
}
