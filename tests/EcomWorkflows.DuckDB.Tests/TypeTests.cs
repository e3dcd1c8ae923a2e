using System.Numerics;
using System.Text;
using Shouldly;
using Xunit;

namespace EcomWorkflows.DuckDB.Tests;

public sealed class TypeTests : IDisposable
{
    private readonly DuckDbConnection _db = DuckDbConnection.Open(new DuckDbOptions());

    public static TheoryData<string, DuckDbType, object?> Values => new()
    {
        { "true", DuckDbType.Boolean, true },
        { "(-128)::tinyint", DuckDbType.TinyInt, sbyte.MinValue },
        { "(-32768)::smallint", DuckDbType.SmallInt, short.MinValue },
        { "(-2147483648)::integer", DuckDbType.Integer, int.MinValue },
        { "9223372036854775807::bigint", DuckDbType.BigInt, long.MaxValue },
        { "255::utinyint", DuckDbType.UTinyInt, byte.MaxValue },
        { "65535::usmallint", DuckDbType.USmallInt, ushort.MaxValue },
        { "4294967295::uinteger", DuckDbType.UInteger, uint.MaxValue },
        { "18446744073709551615::ubigint", DuckDbType.UBigInt, ulong.MaxValue },
        { "(-170141183460469231731687303715884105728)::hugeint", DuckDbType.HugeInt, -BigInteger.Pow(2, 127) },
        { "340282366920938463463374607431768211455::uhugeint", DuckDbType.UHugeInt, BigInteger.Pow(2, 128) - 1 },
        { "1.5::float", DuckDbType.Float, 1.5f },
        { "(-2.25)::double", DuckDbType.Double, -2.25 },
        { "(-12.34)::decimal(4,2)", DuckDbType.Decimal, -12.34m },
        { "12345.6789::decimal(9,4)", DuckDbType.Decimal, 12345.6789m },
        { "(-123456789012.345)::decimal(18,3)", DuckDbType.Decimal, -123456789012.345m },
        { "1234567890123456789012345678::decimal(38,0)", DuckDbType.Decimal, 1234567890123456789012345678m },
        { "'short'", DuckDbType.Varchar, "short" },
        { "'a text longer than twelve bytes: £ ☃'", DuckDbType.Varchar, "a text longer than twelve bytes: £ ☃" },
        { "''", DuckDbType.Varchar, "" },
        { @"'\xAA\x00\xFF'::blob", DuckDbType.Blob, new byte[] { 0xAA, 0, 0xFF } },
        { "date '2011-12-09'", DuckDbType.Date, new DateOnly(2011, 12, 9) },
        { "date '0001-01-01'", DuckDbType.Date, DateOnly.MinValue },
        { "time '23:59:59.999999'", DuckDbType.Time, new TimeOnly(23, 59, 59).Add(TimeSpan.FromMicroseconds(999_999)) },
        { "timestamp '2010-12-01 08:26:00.000001'", DuckDbType.Timestamp, Utc(2010, 12, 1, 8, 26).AddMicroseconds(1) },
        { "timestamp '1969-12-31 23:59:59'", DuckDbType.Timestamp, Utc(1969, 12, 31, 23, 59).AddSeconds(59) },
        { "'2010-12-01 08:26:07'::timestamp_s", DuckDbType.TimestampSeconds, Utc(2010, 12, 1, 8, 26).AddSeconds(7) },
        { "'2010-12-01 08:26:00.007'::timestamp_ms", DuckDbType.TimestampMilliseconds, Utc(2010, 12, 1, 8, 26).AddMilliseconds(7) },
        { "'2010-12-01 08:26:00.0000007'::timestamp_ns", DuckDbType.TimestampNanoseconds, Utc(2010, 12, 1, 8, 26).AddTicks(7) },
        { "timestamptz '2010-12-01 08:26:00+02:00'", DuckDbType.TimestampTz, Utc(2010, 12, 1, 6, 26) },
        { "interval '14 months 3 days 4 seconds'", DuckDbType.Interval, new DuckDbInterval(14, 3, 4_000_000) },
        { "uuid '00112233-4455-6677-8899-aabbccddeeff'", DuckDbType.Uuid, Guid.Parse("00112233-4455-6677-8899-aabbccddeeff") },
        { "uuid 'ff112233-4455-6677-8899-aabbccddeeff'", DuckDbType.Uuid, Guid.Parse("ff112233-4455-6677-8899-aabbccddeeff") },
        { "'b'::enum('a','b')", DuckDbType.Enum, "b" },
        { "null::integer", DuckDbType.Integer, null },
        { "null", DuckDbType.Integer, null },
        { "[1, null, 3]", DuckDbType.List, new object?[] { 1, null, 3 } },
        { "['x', 'y']::varchar[2]", DuckDbType.Array, new object?[] { "x", "y" } },
        { "[]::varchar[]", DuckDbType.List, Array.Empty<object?>() },
        { "map {'k': 1}", DuckDbType.Map, new KeyValuePair<object, object?>[] { new("k", 1) } },
        { "sum(x) from range(3) t(x)", DuckDbType.HugeInt, new BigInteger(3) },
    };

    [Theory]
    [MemberData(nameof(Values))]
    public void Every_type_is_read_as_its_own_dotnet_type(string expression, DuckDbType type, object? expected)
    {
        using var reader = _db.Query($"select {expression}");

        reader.GetFieldType(0).ShouldBe(type);
        reader.Read().ShouldBeTrue();
        reader.GetValue(0).ShouldBe(expected);
        reader.IsNull(0).ShouldBe(expected is null);
        reader.Read().ShouldBeFalse();
    }

    [Fact]
    public void A_struct_is_read_as_a_dictionary_of_its_members()
    {
        using var reader = _db.Query("select {'name': 'ann', 'tags': ['a', null]} union all select null");
        reader.Read();

        var person = reader.GetValue(0).ShouldBeOfType<Dictionary<string, object?>>();
        person["name"].ShouldBe("ann");
        person["tags"].ShouldBe(new object?[] { "a", null });
        reader.Get<Dictionary<string, object?>>(0).Keys.ShouldBe(["name", "tags"]);
    }

    public static TheoryData<object?, string> Parameters => new()
    {
        { true, "BOOLEAN" },
        { 7, "INTEGER" },
        { 7L, "BIGINT" },
        { ulong.MaxValue, "UBIGINT" },
        { new BigInteger(7), "HUGEINT" },
        { 1.5f, "FLOAT" },
        { -0.1, "DOUBLE" },
        { -1234.5678m, "DECIMAL(38,4)" },
        { "it's £", "VARCHAR" },
        { new byte[] { 1, 0, 2 }, "BLOB" },
        { new DateOnly(1815, 12, 10), "DATE" },
        { new TimeOnly(7, 8, 9), "TIME" },
        { Utc(2011, 9, 30, 17, 22), "TIMESTAMP" },
        { new DuckDbInterval(1, 2, 3), "INTERVAL" },
        { Guid.Parse("ff112233-4455-6677-8899-aabbccddeeff"), "UUID" },
        { new object?[] { "a", null }, "VARCHAR[]" },
    };

    [Theory]
    [MemberData(nameof(Parameters))]
    public void A_parameter_comes_back_as_it_went_in(object? value, string typeName)
    {
        using var reader = _db.Query("select $value, typeof($value)", new { value });

        reader.Read().ShouldBeTrue();
        reader.GetValue(0).ShouldBe(value);
        reader.Get<string>(1).ShouldBe(typeName);
    }

    [Fact]
    public void Null_and_lists_are_parameters_too()
    {
        _db.Scalar<bool>("select $x is null", new { x = (string?)null }).ShouldBeTrue();
        _db.Scalar<long>("select count(*) from range(10) t(x) where list_contains($ids, x)", new { ids = new[] { 1L, 3L, 99L } }).ShouldBe(2);
        _db.Scalar<long>("select len($ids)", new { ids = Array.Empty<long>() }).ShouldBe(0);
        _db.Scalar<long>("select $1 + $2", new object[] { 2, 3 }).ShouldBe(5);
        _db.Scalar<string>("select $name", new Dictionary<string, object?> { ["name"] = "dictionary" }).ShouldBe("dictionary");
    }

    [Fact]
    public void Numbers_are_read_as_any_number_type_that_holds_them()
    {
        using var reader = _db.Query("select sum(x), 42::tinyint, 1.25::decimal(5,2), 300::integer, 1.5::double from range(5) t(x)");
        reader.Read();

        reader.Get<long>(0).ShouldBe(10);
        reader.Get<decimal>(0).ShouldBe(10m);
        reader.Get<BigInteger>(0).ShouldBe(new BigInteger(10));
        reader.Get<double>(0).ShouldBe(10.0);
        reader.Get<int?>(1).ShouldBe(42);
        reader.Get<ulong>(1).ShouldBe(42UL);
        reader.Get<double>(2).ShouldBe(1.25);
        Should.Throw<OverflowException>(() => reader.Get<byte>(3));
        Should.Throw<InvalidCastException>(() => reader.Get<string>(3)).Message.ShouldContain("Integer");
        Should.Throw<InvalidCastException>(() => reader.Get<bool>(3));
        reader.Get<float>(4).ShouldBe(1.5f);
    }

    [Fact]
    public void A_null_is_read_only_by_types_that_can_be_null()
    {
        using var reader = _db.Query("select null::bigint as amount, null::varchar");
        reader.Read();

        reader.Get<long?>(0).ShouldBeNull();
        reader.Get<string?>(1).ShouldBeNull();
        Should.Throw<InvalidCastException>(() => reader.Get<long>(0)).Message.ShouldContain("'amount' is null");
    }

    [Fact]
    public void Infinite_timestamps_are_an_error_that_names_the_column()
    {
        using var reader = _db.Query("select 'infinity'::timestamp as seen_at, '-infinity'::date as born");
        reader.Read();

        Should.Throw<OverflowException>(() => reader.Get<DateTime>(0)).Message.ShouldContain("seen_at");
        Should.Throw<OverflowException>(() => reader.Get<DateOnly>(1)).Message.ShouldContain("born");
    }

    [Fact]
    public void Text_is_read_without_a_copy()
    {
        using var reader = _db.Query("select * from (values ('naïve'), (null), ('a longer text that is not stored in place')) t(x)");

        reader.Read();
        Encoding.UTF8.GetString(reader.GetBytes(0)).ShouldBe("naïve");
        reader.Read();
        reader.GetBytes(0).Length.ShouldBe(0);
        reader.Read();
        Encoding.UTF8.GetString(reader.GetBytes(0)).ShouldBe("a longer text that is not stored in place");
    }

    public void Dispose() => _db.Dispose();

    private static DateTime Utc(int year, int month, int day, int hour, int minute) => new(year, month, day, hour, minute, 0, DateTimeKind.Utc);
}
