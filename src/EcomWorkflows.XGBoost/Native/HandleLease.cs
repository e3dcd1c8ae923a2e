namespace EcomWorkflows.XGBoost.Native;

/// <summary>Keeps several matrices alive while their raw pointers are in native hands.</summary>
internal readonly struct HandleLease : IDisposable
{
    private readonly DMatrixHandle[] _held;

    internal HandleLease(IReadOnlyList<DMatrix> matrices)
    {
        _held = new DMatrixHandle[matrices.Count];
        Pointers = new nint[matrices.Count];
        int taken = 0;
        try
        {
            for (; taken < matrices.Count; taken++)
            {
                DMatrixHandle handle = matrices[taken].Handle;
                bool added = false;
                handle.DangerousAddRef(ref added);
                _held[taken] = handle;
                Pointers[taken] = handle.DangerousGetHandle();
            }
        }
        catch
        {
            for (int i = 0; i < taken; i++)
                _held[i].DangerousRelease();
            throw;
        }
    }

    internal nint[] Pointers { get; }

    public void Dispose()
    {
        foreach (DMatrixHandle handle in _held)
            handle.DangerousRelease();
    }
}
