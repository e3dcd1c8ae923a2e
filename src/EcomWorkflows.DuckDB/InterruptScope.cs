using EcomWorkflows.DuckDB.Native;

namespace EcomWorkflows.DuckDB;

/// <summary>While it lives, a token that fires interrupts the connection.</summary>
internal sealed class InterruptScope : IDisposable
{
    private static readonly TimeSpan RepeatEvery = TimeSpan.FromMilliseconds(20);
    private readonly Lock _gate = new();
    private readonly ConnectionHandle _connection;
    private readonly CancellationTokenRegistration _registration;
    private ITimer? _timer;
    private bool _ended;

    public InterruptScope(ConnectionHandle connection, CancellationToken ct)
    {
        _connection = connection;
        Token = ct;
        ct.ThrowIfCancellationRequested();
        _registration = ct.Register(StartInterrupting);
    }

    public CancellationToken Token { get; }

    public void ThrowIfCancelled() => Token.ThrowIfCancellationRequested();

    public void Dispose()
    {
        lock (_gate)
            _ended = true;
        _registration.Dispose();
        _timer?.Dispose();
    }

    // A statement clears the interrupt flag when it starts, so one interrupt just before that would be lost: repeat until the scope ends.
    private void StartInterrupting()
    {
        lock (_gate)
        {
            if (!_ended)
                _timer = TimeProvider.System.CreateTimer(_ => Interrupt(), null, TimeSpan.Zero, RepeatEvery);
        }
    }

    private void Interrupt()
    {
        lock (_gate)
        {
            // The lock keeps a late tick from hitting the connection's next statement.
            if (!_ended && !_connection.IsClosed)
                NativeMethods.duckdb_interrupt(_connection);
        }
    }
}
