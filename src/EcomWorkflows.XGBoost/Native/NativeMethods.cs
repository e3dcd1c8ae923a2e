using System.Reflection;
using System.Runtime.InteropServices;

namespace EcomWorkflows.XGBoost.Native;

/// <summary>The C API of libxgboost 1.7, one to one; every function returns 0 or -1 (then ask <see cref="XGBGetLastError"/>).</summary>
internal static unsafe partial class NativeMethods
{
    private const string Library = "xgboost";

    static NativeMethods() => NativeLibrary.SetDllImportResolver(typeof(NativeMethods).Assembly, Resolve);

    private static nint Resolve(string name, Assembly assembly, DllImportSearchPath? searchPath) =>
        name == Library ? LibraryLoader.Load(LibraryLoader.Candidates) : 0;

    [LibraryImport(Library)]
    internal static partial nint XGBGetLastError();

    [LibraryImport(Library)]
    internal static partial void XGBoostVersion(out int major, out int minor, out int patch);

    [LibraryImport(Library)]
    internal static partial int XGBuildInfo(out nint json);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGDMatrixCreateFromDense(string data, string config, out nint handle);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGDMatrixCreateFromFile(string path, int silent, out nint handle);

    [LibraryImport(Library)]
    internal static partial int XGDMatrixFree(nint handle);

    [LibraryImport(Library)]
    internal static partial int XGDMatrixNumRow(DMatrixHandle handle, out ulong rows);

    [LibraryImport(Library)]
    internal static partial int XGDMatrixNumCol(DMatrixHandle handle, out ulong columns);

    [LibraryImport(Library)]
    internal static partial int XGDMatrixNumNonMissing(DMatrixHandle handle, out ulong values);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGDMatrixSetFloatInfo(DMatrixHandle handle, string field, float* values, ulong count);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGDMatrixGetFloatInfo(DMatrixHandle handle, string field, out ulong count, out float* values);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGDMatrixSetStrFeatureInfo(DMatrixHandle handle, string field, string[] values, ulong count);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGDMatrixGetStrFeatureInfo(DMatrixHandle handle, string field, out ulong count, out nint* values);

    [LibraryImport(Library)]
    internal static partial int XGDMatrixSliceDMatrixEx(DMatrixHandle handle, int* rows, ulong count, out nint result, int allowGroups);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGDMatrixSaveBinary(DMatrixHandle handle, string path, int silent);

    [LibraryImport(Library)]
    internal static partial int XGBoosterCreate(nint* matrices, ulong count, out nint handle);

    [LibraryImport(Library)]
    internal static partial int XGBoosterFree(nint handle);

    [LibraryImport(Library)]
    internal static partial int XGBoosterSlice(BoosterHandle handle, int begin, int end, int step, out nint result);

    [LibraryImport(Library)]
    internal static partial int XGBoosterBoostedRounds(BoosterHandle handle, out int rounds);

    [LibraryImport(Library)]
    internal static partial int XGBoosterGetNumFeature(BoosterHandle handle, out ulong features);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterSetParam(BoosterHandle handle, string name, string value);

    [LibraryImport(Library)]
    internal static partial int XGBoosterUpdateOneIter(BoosterHandle handle, int iteration, DMatrixHandle train);

    [LibraryImport(Library)]
    internal static partial int XGBoosterBoostOneIter(BoosterHandle handle, DMatrixHandle train, float* gradients, float* hessians, ulong count);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterEvalOneIter(
        BoosterHandle handle, int iteration, nint* matrices, string[] names, ulong count, out nint result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterPredictFromDMatrix(
        BoosterHandle handle, DMatrixHandle data, string config, out ulong* shape, out ulong dimensions, out float* result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterPredictFromDense(
        BoosterHandle handle, string values, string config, nint proxy, out ulong* shape, out ulong dimensions, out float* result);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterSaveModel(BoosterHandle handle, string path);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterLoadModel(BoosterHandle handle, string path);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterSaveModelToBuffer(BoosterHandle handle, string config, out ulong length, out byte* data);

    [LibraryImport(Library)]
    internal static partial int XGBoosterLoadModelFromBuffer(BoosterHandle handle, byte* data, ulong length);

    [LibraryImport(Library)]
    internal static partial int XGBoosterSaveJsonConfig(BoosterHandle handle, out ulong length, out nint json);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterLoadJsonConfig(BoosterHandle handle, string json);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterGetAttr(BoosterHandle handle, string name, out nint value, out int found);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterSetAttr(BoosterHandle handle, string name, string? value);

    [LibraryImport(Library)]
    internal static partial int XGBoosterGetAttrNames(BoosterHandle handle, out ulong count, out nint* names);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterSetStrFeatureInfo(BoosterHandle handle, string field, string[] values, ulong count);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterGetStrFeatureInfo(BoosterHandle handle, string field, out ulong count, out nint* values);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterFeatureScore(
        BoosterHandle handle, string config, out ulong features, out nint* names, out ulong dimensions, out ulong* shape, out float* scores);

    [LibraryImport(Library, StringMarshalling = StringMarshalling.Utf8)]
    internal static partial int XGBoosterDumpModelEx(
        BoosterHandle handle, string featureMap, int withStatistics, string format, out ulong count, out nint* trees);
}
