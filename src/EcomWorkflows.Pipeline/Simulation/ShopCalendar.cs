namespace EcomWorkflows.Pipeline.Simulation;

/// <summary>Seasonality: how busy a day and an hour are, and which campaigns run. Pure functions of the date.</summary>
internal static class ShopCalendar
{
    private static readonly double[] Weekday = [1.16, 0.98, 0.95, 0.96, 0.99, 0.90, 1.06]; // Sunday first
    private static readonly double[] Month = [0.93, 0.90, 0.97, 0.98, 1.00, 0.96, 0.92, 0.92, 1.00, 1.04, 1.16, 1.26];
    private static readonly double[] HourWeights =
        [0.7, 0.4, 0.25, 0.2, 0.2, 0.3, 0.8, 1.7, 2.6, 3.4, 4.0, 4.3, 4.6, 4.3, 4.0, 4.0, 4.3, 4.9, 5.8, 6.8, 7.4, 6.6, 4.2, 1.9];

    private static readonly double[] CumulativeHours = Accumulate(HourWeights);

    /// <summary>Factor on visits: weekday, smooth month and year's end.</summary>
    public static double Season(DateOnly day)
    {
        // Between the middles of two months, so that no month starts with a step.
        var position = day.Month - 1 + ((day.Day - 0.5) / DateTime.DaysInMonth(day.Year, day.Month)) - 0.5;
        var left = (int)Math.Floor(position);
        var share = position - left;
        var month = (Month[(left + 12) % 12] * (1 - share)) + (Month[(left + 1) % 12] * share);
        var holiday = day is { Month: 12, Day: 24 or 25 or 26 or 31 } or { Month: 1, Day: 1 } ? 0.6 : 1.0;
        return Weekday[(int)day.DayOfWeek] * month * holiday;
    }

    /// <summary>The campaign of a day; <see cref="Campaign.None"/> on most days.</summary>
    public static Campaign CampaignOf(DateOnly day)
    {
        var blackFriday = BlackFriday(day.Year);
        if (day >= blackFriday.AddDays(-4) && day <= blackFriday.AddDays(3))
            return new Campaign("black_friday", 1.7, 0.22, -1);
        if (day.Month == 12 && day.Day is >= 6 and <= 16)
            return new Campaign("christmas", 1.25, 0.10, -1);
        if ((day.Month is 1 or 7) && day.Day is >= 8 and <= 17)
            return new Campaign("seasonal_sale", 1.30, 0.18, -1);
        // A weekend of one department each month, in turn.
        if (day.Day is >= 19 and <= 22)
            return new Campaign("department_days", 1.12, 0.15, day.Month % ShopCatalogue.Departments.Count);
        return Campaign.None;
    }

    /// <summary>Second of the day a visit starts.</summary>
    /// <param name="favouriteHour">Six of ten visits start around it.</param>
    public static int Second(ref SplitMix64 random, double favouriteHour)
    {
        var hour = random.Chance(0.6)
            ? favouriteHour + (1.2 * random.Normal())
            : random.Pick(CumulativeHours) + random.Uniform();
        return (int)((hour + 24) % 24 * 3600);
    }

    /// <summary>An hour drawn from the shop's whole daily profile.</summary>
    public static double Hour(ref SplitMix64 random) => random.Pick(CumulativeHours) + random.Uniform();

    /// <summary>The day after the fourth Thursday of November.</summary>
    internal static DateOnly BlackFriday(int year)
    {
        var first = new DateOnly(year, 11, 1);
        var firstThursday = first.AddDays(((int)DayOfWeek.Thursday - (int)first.DayOfWeek + 7) % 7);
        return firstThursday.AddDays(22);
    }

    internal static double[] Accumulate(IReadOnlyList<double> weights)
    {
        var sums = new double[weights.Count];
        var total = 0.0;
        for (var i = 0; i < sums.Length; i++)
            sums[i] = total += weights[i];
        return sums;
    }
}
