using System.Diagnostics;

namespace EcomWorkflows.FaultWorker;

/// <summary>Kills the process, as kill -9 would, at its nth database command: every border between the node and its database is a fault point this way.</summary>
internal sealed class DeathAtCommand : IDisposable
{
    private readonly ActivityListener listener;
    private int left;

    public DeathAtCommand(int command, bool after)
    {
        left = int.MaxValue;
        Command = command;
        listener = new ActivityListener
        {
            ShouldListenTo = source => source.Name == "Npgsql",
            Sample = (ref ActivityCreationOptions<ActivityContext> _) => ActivitySamplingResult.AllData,
            ActivityStarted = _ => CountUnless(after),
            ActivityStopped = _ => CountUnless(!after),
        };
        ActivitySource.AddActivityListener(listener);
    }

    private int Command { get; }

    /// <summary>Counts from here.</summary>
    public void Arm() => Volatile.Write(ref left, Command);

    public void Dispose() => listener.Dispose();

    private void CountUnless(bool not)
    {
        if (!not && Interlocked.Decrement(ref left) == 0)
            Process.GetCurrentProcess().Kill();
    }
}
