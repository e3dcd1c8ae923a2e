namespace EcomWorkflows.Server.Api;

/// <summary>Which part of a list is asked for, as Airflow's <c>limit</c> and <c>offset</c>.</summary>
internal readonly record struct Page(int Limit, int Offset)
{
    public const int DefaultLimit = 50;
    public const int MaxLimit = 1000;

    /// <exception cref="BadRequestException">A value is out of range.</exception>
    public static Page Read(int? limit, int? offset)
    {
        if (limit is < 1 or > MaxLimit)
            throw new BadRequestException($"limit is {limit}; allowed are 1 to {MaxLimit}.");
        if (offset is < 0)
            throw new BadRequestException($"offset is {offset}; it starts at 0.");
        return new Page(limit ?? DefaultLimit, offset ?? 0);
    }
}
