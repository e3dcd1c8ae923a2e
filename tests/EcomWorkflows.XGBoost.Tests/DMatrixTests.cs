using Shouldly;
using Xunit;

namespace EcomWorkflows.XGBoost.Tests;

public sealed class DMatrixTests : IDisposable
{
    private readonly DMatrix _matrix = DMatrix.FromDense([1, 2, float.NaN, 4, 5, 6], rows: 3, columns: 2);
    private readonly string _folder = Directory.CreateTempSubdirectory("xgboost-matrix").FullName;

    public void Dispose()
    {
        _matrix.Dispose();
        Directory.Delete(_folder, recursive: true);
    }

    [Fact]
    public void Knows_its_rows_columns_and_missing_cells()
    {
        _matrix.Rows.ShouldBe(3);
        _matrix.Columns.ShouldBe(2);
        _matrix.NonMissing.ShouldBe(5);
    }

    [Fact]
    public void A_chosen_value_can_stand_for_missing()
    {
        using DMatrix matrix = DMatrix.FromDense([-1, 2, 3, -1], rows: 2, columns: 2, missing: -1);
        matrix.NonMissing.ShouldBe(2);
    }

    [Fact]
    public void Gives_back_labels_weights_and_base_margin()
    {
        _matrix.GetLabels().ShouldBeEmpty();
        _matrix.SetLabels([0, 1, 0]);
        _matrix.SetWeights([1, 2, 3]);
        _matrix.SetBaseMargin([0.5f, -0.5f, 0]);

        _matrix.GetLabels().ShouldBe([0, 1, 0]);
        _matrix.GetWeights().ShouldBe([1, 2, 3]);
        _matrix.GetBaseMargin().ShouldBe([0.5f, -0.5f, 0]);
    }

    [Fact]
    public void Gives_back_feature_names_and_types_in_any_alphabet()
    {
        _matrix.FeatureNames = ["größe", "цена"];
        _matrix.FeatureTypes = ["float", "int"];

        _matrix.FeatureNames.ShouldBe(["größe", "цена"]);
        _matrix.FeatureTypes.ShouldBe(["float", "int"]);
    }

    [Fact]
    public void A_slice_has_the_chosen_rows_in_the_chosen_order()
    {
        _matrix.SetLabels([10, 11, 12]);
        using DMatrix slice = _matrix.Slice([2, 0]);

        slice.Rows.ShouldBe(2);
        slice.GetLabels().ShouldBe([12, 10]);
    }

    [Fact]
    public void A_saved_matrix_is_read_back_equal()
    {
        _matrix.SetLabels([0, 1, 0]);
        string path = Path.Combine(_folder, "train.buffer");
        _matrix.SaveBinary(path);

        using DMatrix loaded = DMatrix.FromBinaryFile(path);
        loaded.Rows.ShouldBe(3);
        loaded.NonMissing.ShouldBe(5);
        loaded.GetLabels().ShouldBe([0, 1, 0]);
    }

    [Fact]
    public void A_matrix_file_that_is_missing_is_named() =>
        Should.Throw<XGBoostException>(() => DMatrix.FromBinaryFile(Path.Combine(_folder, "absent"))).Message.ShouldContain("absent' does not exist");

    [Fact]
    public void Too_few_values_for_the_shape_are_refused() =>
        Should.Throw<ArgumentException>(() => DMatrix.FromDense([1, 2, 3], rows: 2, columns: 2)).Message.ShouldContain("2 rows × 2 columns need 4 values, got 3");

    [Fact]
    public void The_wrong_number_of_labels_is_refused() =>
        Should.Throw<ArgumentException>(() => _matrix.SetLabels([1, 2])).Message.ShouldContain("3 rows, got 2");

    [Fact]
    public void The_wrong_number_of_names_is_refused() =>
        Should.Throw<ArgumentException>(() => _matrix.FeatureNames = ["one"]).Message.ShouldContain("Expected 2 values");

    [Fact]
    public void A_row_outside_the_matrix_is_refused() =>
        Should.Throw<ArgumentOutOfRangeException>(() => _matrix.Slice([3])).Message.ShouldContain("0..2");

    [Fact]
    public void A_disposed_matrix_says_so()
    {
        _matrix.Dispose();
        Should.Throw<ObjectDisposedException>(() => _matrix.Rows).ObjectName.ShouldContain("DMatrix");
        Should.Throw<ObjectDisposedException>(() => _matrix.SetLabels([1, 2, 3]));
        Should.NotThrow(_matrix.Dispose);
    }
}
