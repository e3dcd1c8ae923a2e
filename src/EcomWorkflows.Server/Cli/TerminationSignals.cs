using System.Runtime.InteropServices;

namespace EcomWorkflows.Server.Cli;

/// <summary>Turns the first Ctrl+C, SIGTERM or hang-up into a cancellation, so that the program can close its work; the second ends it at once.</summary>
internal sealed class TerminationSignals : IDisposable
{
    private static readonly PosixSignal[] Watched = [PosixSignal.SIGINT, PosixSignal.SIGTERM, PosixSignal.SIGHUP];

    private readonly CancellationTokenSource requested = new();
    private readonly PosixSignalRegistration[] registrations;

    public TerminationSignals() => registrations = [.. Watched.Select(signal => PosixSignalRegistration.Create(signal, Receive))];

    /// <summary>Cancelled by the first signal.</summary>
    public CancellationToken Token => requested.Token;

    public void Dispose()
    {
        foreach (var registration in registrations)
            registration.Dispose();
        requested.Dispose();
    }

    private void Receive(PosixSignalContext context)
    {
        if (requested.IsCancellationRequested)
            return;

        context.Cancel = true;
        requested.Cancel();
    }
}
