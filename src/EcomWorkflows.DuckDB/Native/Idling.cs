using System.Runtime.InteropServices;

namespace EcomWorkflows.DuckDB.Native;

/// <summary>Waits longer with each turn that finds nothing to do: at first only for other threads that are ready, then up to about a tenth of a millisecond.</summary>
internal struct Idling
{
    private const int Yields = 50;
    private const uint StepMicroseconds = 20;
    private const uint MostMicroseconds = 100;

    private uint turns;

    public void Wait()
    {
        if (++turns <= Yields)
            Thread.Yield();
        else
            _ = Sleep(Math.Min(StepMicroseconds * (turns - Yields), MostMicroseconds));
    }

    public void Reset() => turns = 0;

    // Thread.Sleep knows whole milliseconds only.
    [DllImport("libc", EntryPoint = "usleep")]
    private static extern int Sleep(uint microseconds);
}
