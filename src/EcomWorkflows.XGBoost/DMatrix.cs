using EcomWorkflows.XGBoost.Native;

namespace EcomWorkflows.XGBoost;

/// <summary>A table of single-precision numbers in the library's own memory, with labels, weights and column names.</summary>
/// <remarks>
/// The library copies what it is given, so nothing points into the caller's arrays after a call returns.
/// Reading one matrix from several threads is safe; changing it (labels, names, dispose) must not overlap with any other use.
/// </remarks>
public sealed unsafe class DMatrix : IDisposable
{
    private readonly DMatrixHandle _handle;

    private DMatrix(nint handle) => _handle = new DMatrixHandle(handle);

    /// <summary>Copies <paramref name="rows"/> × <paramref name="columns"/> numbers, row after row.</summary>
    /// <param name="missing">The value that stands for "not known"; NaN is always missing too.</param>
    /// <param name="threads">Threads used to build it; 0 for all cores.</param>
    /// <exception cref="ArgumentException">The number of values is not rows × columns.</exception>
    public static DMatrix FromDense(ReadOnlySpan<float> values, int rows, int columns, float missing = float.NaN, int threads = 0)
    {
        DenseShape.Validate(values.Length, rows, columns);
        fixed (float* data = values)
        {
            string config = $$"""{"missing":{{Call.Number(missing)}},"nthread":{{threads}}}""";
            Call.Check(NativeMethods.XGDMatrixCreateFromDense(Call.ArrayInterface(data, rows, columns), config, out nint handle));
            return new DMatrix(handle);
        }
    }

    /// <summary>Reads a matrix written by <see cref="SaveBinary"/>.</summary>
    /// <exception cref="XGBoostException">The file does not exist or is not such a file.</exception>
    public static DMatrix FromBinaryFile(string path)
    {
        ModelFile.RequireExists(path, nameof(NativeMethods.XGDMatrixCreateFromFile));
        Call.Check(NativeMethods.XGDMatrixCreateFromFile(Path.GetFullPath(path), 1, out nint handle));
        return new DMatrix(handle);
    }

    public int Rows
    {
        get
        {
            Call.Check(NativeMethods.XGDMatrixNumRow(Handle, out ulong rows));
            return checked((int)rows);
        }
    }

    public int Columns
    {
        get
        {
            Call.Check(NativeMethods.XGDMatrixNumCol(Handle, out ulong columns));
            return checked((int)columns);
        }
    }

    /// <summary>Cells that hold a value.</summary>
    public long NonMissing
    {
        get
        {
            Call.Check(NativeMethods.XGDMatrixNumNonMissing(Handle, out ulong values));
            return checked((long)values);
        }
    }

    /// <summary>The target, one per row; empty until set.</summary>
    public float[] GetLabels() => GetFloats("label");

    /// <exception cref="ArgumentException">Not one label per row.</exception>
    public void SetLabels(ReadOnlySpan<float> labels) => SetFloats("label", RequirePerRow(labels, "labels"));

    public float[] GetWeights() => GetFloats("weight");

    /// <exception cref="ArgumentException">Not one weight per row.</exception>
    public void SetWeights(ReadOnlySpan<float> weights) => SetFloats("weight", RequirePerRow(weights, "weights"));

    public float[] GetBaseMargin() => GetFloats("base_margin");

    /// <summary>The score to start from: one per row, or one per row and class.</summary>
    public void SetBaseMargin(ReadOnlySpan<float> margins)
    {
        if (margins.Length == 0 || margins.Length % Rows != 0)
            throw new ArgumentException($"A base margin needs a multiple of {Rows} values (one or more per row), got {margins.Length}.", nameof(margins));
        SetFloats("base_margin", margins);
    }

    /// <summary>Column names, kept in a model trained on this matrix; empty until set.</summary>
    public IReadOnlyList<string> FeatureNames
    {
        get => GetTexts("feature_name");
        set => SetTexts("feature_name", value);
    }

    /// <summary>Column types in the library's words: <c>float</c>, <c>int</c>, <c>i</c> (indicator), <c>q</c> (quantity), <c>c</c> (category).</summary>
    public IReadOnlyList<string> FeatureTypes
    {
        get => GetTexts("feature_type");
        set => SetTexts("feature_type", value);
    }

    /// <summary>A new matrix of the given rows, in the given order, with their labels and weights.</summary>
    /// <exception cref="ArgumentOutOfRangeException">A row number lies outside the matrix.</exception>
    public DMatrix Slice(ReadOnlySpan<int> rows)
    {
        int available = Rows;
        foreach (int row in rows)
        {
            if ((uint)row >= (uint)available)
                throw new ArgumentOutOfRangeException(nameof(rows), row, $"A row number must lie in 0..{available - 1}.");
        }

        fixed (int* indexes = rows)
        {
            Call.Check(NativeMethods.XGDMatrixSliceDMatrixEx(Handle, indexes, (ulong)rows.Length, out nint handle, 0));
            return new DMatrix(handle);
        }
    }

    /// <summary>Writes the library's own binary form, readable by the same version of the library.</summary>
    public void SaveBinary(string path) => Call.Check(NativeMethods.XGDMatrixSaveBinary(Handle, Path.GetFullPath(path), 1));

    public void Dispose() => _handle.Dispose();

    internal DMatrixHandle Handle
    {
        get
        {
            ObjectDisposedException.ThrowIf(_handle.IsClosed, this);
            return _handle;
        }
    }

    private ReadOnlySpan<float> RequirePerRow(ReadOnlySpan<float> values, string what) => values.Length == Rows
        ? values
        : throw new ArgumentException($"Expected one of the {what} for each of the {Rows} rows, got {values.Length}.", what);

    private void SetFloats(string field, ReadOnlySpan<float> values)
    {
        fixed (float* data = values)
            Call.Check(NativeMethods.XGDMatrixSetFloatInfo(Handle, field, data, (ulong)values.Length));
    }

    private float[] GetFloats(string field)
    {
        DMatrixHandle handle = Handle;
        Call.Check(NativeMethods.XGDMatrixGetFloatInfo(handle, field, out ulong count, out float* values));
        float[] copy = new ReadOnlySpan<float>(values, checked((int)count)).ToArray();
        GC.KeepAlive(handle);
        return copy;
    }

    private void SetTexts(string field, IReadOnlyList<string> values)
    {
        ArgumentNullException.ThrowIfNull(values);
        if (values.Count != 0 && values.Count != Columns)
            throw new ArgumentException($"Expected {Columns} values for {field}, one per column, got {values.Count}.", nameof(values));
        Call.Check(NativeMethods.XGDMatrixSetStrFeatureInfo(Handle, field, [.. values], (ulong)values.Count));
    }

    private string[] GetTexts(string field)
    {
        DMatrixHandle handle = Handle;
        Call.Check(NativeMethods.XGDMatrixGetStrFeatureInfo(handle, field, out ulong count, out nint* values));
        string[] copy = Call.Texts(values, count);
        GC.KeepAlive(handle);
        return copy;
    }
}
