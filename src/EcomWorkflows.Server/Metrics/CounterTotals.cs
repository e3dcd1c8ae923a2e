using System.Diagnostics.Metrics;

namespace EcomWorkflows.Server.Metrics;

/// <summary>Adds up what this process counts with the instruments of the meters <c>EcomWorkflows.*</c>, since it was started.</summary>
internal sealed class CounterTotals : IDisposable
{
    private const string Meters = "EcomWorkflows.";

    private readonly MeterListener listener = new();
    private readonly Lock gate = new();
    private readonly Dictionary<Instrument, Dictionary<string, (long Total, IReadOnlyList<(string Name, string Value)> Labels)>> counters = [];

    public CounterTotals()
    {
        listener.InstrumentPublished = (instrument, self) =>
        {
            if (instrument is Counter<long> && instrument.Meter.Name.StartsWith(Meters, StringComparison.Ordinal))
                self.EnableMeasurementEvents(instrument);
        };
        listener.SetMeasurementEventCallback<long>((instrument, value, tags, _) => Add(instrument, value, tags));
        listener.Start();
    }

    /// <summary>The counters by name; a name is the instrument's with underscores, and ends with <c>_total</c>.</summary>
    public IReadOnlyList<Metric> Read()
    {
        lock (gate)
        {
            return [.. counters.OrderBy(counter => counter.Key.Name, StringComparer.Ordinal).Select(counter => new Metric(
                $"{counter.Key.Name.Replace('.', '_')}_total", "counter", counter.Key.Description ?? "",
                [.. counter.Value.OrderBy(series => series.Key, StringComparer.Ordinal).Select(series => new Sample(series.Value.Total, series.Value.Labels))]))];
        }
    }

    public void Dispose() => listener.Dispose();

    private void Add(Instrument instrument, long value, ReadOnlySpan<KeyValuePair<string, object?>> tags)
    {
        var labels = new (string Name, string Value)[tags.Length];
        for (var index = 0; index < tags.Length; index++)
            labels[index] = (tags[index].Key, $"{tags[index].Value}");
        var key = string.Join('\n', labels.Select(label => label.Value));
        lock (gate)
        {
            if (!counters.TryGetValue(instrument, out var series))
                counters.Add(instrument, series = new(StringComparer.Ordinal));
            series[key] = (series.GetValueOrDefault(key).Total + value, labels);
        }
    }
}
