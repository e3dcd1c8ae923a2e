using Microsoft.Win32.SafeHandles;

namespace EcomWorkflows.XGBoost.Native;

internal sealed class BoosterHandle : SafeHandleZeroOrMinusOneIsInvalid
{
    internal BoosterHandle(nint handle)
        : base(ownsHandle: true) => SetHandle(handle);

    protected override bool ReleaseHandle() => NativeMethods.XGBoosterFree(handle) == 0;
}
