using Microsoft.Win32.SafeHandles;

namespace EcomWorkflows.XGBoost.Native;

internal sealed class DMatrixHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    internal DMatrixHandle(nint handle)
        : base(ownsHandle: true) => SetHandle(handle);

    protected override bool ReleaseHandle() => NativeMethods.XGDMatrixFree(handle) == 0;
}
