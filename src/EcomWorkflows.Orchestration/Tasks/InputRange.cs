using System.Globalization;

namespace EcomWorkflows.Orchestration.Tasks;

/// <summary>The numbers an input may be, both ends included; its text says them.</summary>
public sealed record InputRange(double Min, double Max)
{
    public bool Holds(double number) => number >= Min && number <= Max;

    public override string ToString() => double.IsPositiveInfinity(Max)
        ? string.Create(CultureInfo.InvariantCulture, $"{Min} or more")
        : string.Create(CultureInfo.InvariantCulture, $"{Min} to {Max}");
}
