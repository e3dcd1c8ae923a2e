using EcomWorkflows.XGBoost.Native;

namespace EcomWorkflows.XGBoost;

/// <content>Predictions.</content>
public sealed unsafe partial class Booster
{
    /// <summary>Predicts every row; the shape is (rows, classes, …) as <see cref="PredictionKind"/> says.</summary>
    /// <param name="rounds">Rounds to use; null for all.</param>
    /// <exception cref="XGBoostException">The matrix has another number of columns than the model.</exception>
    /// <exception cref="InvalidOperationException">The model is not trained.</exception>
    public Prediction Predict(DMatrix data, PredictionKind kind = PredictionKind.Value, Range? rounds = null)
    {
        ArgumentNullException.ThrowIfNull(data);
        if (!Enum.IsDefined(kind))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "Not a kind of prediction.");
        RequireTrained();
        // The library would take absent columns for missing values and predict something.
        if (data.Columns != FeatureCount)
        {
            throw new XGBoostException(
                nameof(NativeMethods.XGBoosterPredictFromDMatrix), $"the model was trained on {FeatureCount} columns, the matrix has {data.Columns}");
        }

        (int begin, int end) = Bounds(rounds);
        BoosterHandle handle = Handle;
        string config = $$"""{"type":{{(int)kind}},"training":false,"iteration_begin":{{begin}},"iteration_end":{{end}},"strict_shape":true}""";
        Call.Check(NativeMethods.XGBoosterPredictFromDMatrix(handle, data.Handle, config, out ulong* shape, out ulong dimensions, out float* values));
        Prediction copy = Copy(shape, dimensions, values);
        GC.KeepAlive(handle);
        return copy;
    }

    /// <summary>Predicts rows straight from the caller's memory, without building a matrix; only values and margins.</summary>
    /// <exception cref="XGBoostException"><paramref name="columns"/> is not what the model was trained on.</exception>
    public Prediction PredictDense(
        ReadOnlySpan<float> values, int rows, int columns, PredictionKind kind = PredictionKind.Value, Range? rounds = null, float missing = float.NaN)
    {
        if (rows == 0)
        {
            DenseShape.Validate(values.Length, rows, columns);
            RequireTrained();
            return new Prediction([], [0, 1]);
        }

        BoosterHandle handle = Handle;
        fixed (float* data = values)
        {
            PredictDense(handle, data, values.Length, rows, columns, kind, rounds, missing, out ulong* shape, out ulong dimensions, out float* result);
            Prediction copy = Copy(shape, dimensions, result);
            GC.KeepAlive(handle);
            return copy;
        }
    }

    /// <summary>As the other overload, writing one number per row into <paramref name="destination"/>: nothing is allocated per block.</summary>
    /// <exception cref="ArgumentException">The destination is not as long as the rows, or the model gives several numbers per row.</exception>
    public void PredictDense(
        ReadOnlySpan<float> values, int rows, int columns, Span<float> destination, PredictionKind kind = PredictionKind.Value, float missing = float.NaN)
    {
        if (destination.Length != rows)
            throw new ArgumentException($"The destination must hold {rows} numbers, one per row, it holds {destination.Length}.", nameof(destination));
        if (rows == 0)
            return;

        BoosterHandle handle = Handle;
        fixed (float* data = values)
        {
            PredictDense(handle, data, values.Length, rows, columns, kind, null, missing, out ulong* shape, out ulong dimensions, out float* result);
            if (Count(shape, dimensions) != rows)
                throw new ArgumentException("The model gives several numbers per row; use the overload that returns them.", nameof(destination));
            new ReadOnlySpan<float>(result, rows).CopyTo(destination);
            GC.KeepAlive(handle);
        }
    }

    private void PredictDense(
        BoosterHandle handle, float* data, int length, int rows, int columns, PredictionKind kind, Range? rounds, float missing,
        out ulong* shape, out ulong dimensions, out float* result)
    {
        DenseShape.Validate(length, rows, columns);
        if (kind is not (PredictionKind.Value or PredictionKind.Margin))
            throw new ArgumentOutOfRangeException(nameof(kind), kind, "Predicting in place gives Value or Margin; build a DMatrix for the others.");
        RequireTrained();
        (int begin, int end) = Bounds(rounds);
        string config = $$"""
            {"type":{{(int)kind}},"training":false,"iteration_begin":{{begin}},"iteration_end":{{end}},"strict_shape":true,"missing":{{Call.Number(missing)}},"cache_id":0}
            """;
        Call.Check(NativeMethods.XGBoosterPredictFromDense(
            handle, Call.ArrayInterface(data, rows, columns), config, 0, out shape, out dimensions, out result));
    }

    private void RequireTrained()
    {
        if (FeatureCount == 0)
            throw new InvalidOperationException("The model is neither trained nor loaded, so it cannot predict.");
    }

    private (int Begin, int End) Bounds(Range? rounds)
    {
        if (rounds is not { } range)
            return (0, 0);

        int boosted = BoostedRounds;
        (int begin, int end) = (range.Start.GetOffset(boosted), range.End.GetOffset(boosted));
        return begin >= 0 && begin < end && end <= boosted
            ? (begin, end)
            : throw new ArgumentOutOfRangeException(nameof(rounds), range, $"The model has the rounds 0..{boosted}.");
    }

    private static long Count(ulong* shape, ulong dimensions)
    {
        long count = 1;
        for (ulong i = 0; i < dimensions; i++)
            count = checked(count * (long)shape[i]);
        return count;
    }

    private static Prediction Copy(ulong* shape, ulong dimensions, float* values)
    {
        int[] sizes = new int[checked((int)dimensions)];
        for (int i = 0; i < sizes.Length; i++)
            sizes[i] = checked((int)shape[i]);
        return new Prediction(new ReadOnlySpan<float>(values, checked((int)Count(shape, dimensions))).ToArray(), sizes);
    }
}
