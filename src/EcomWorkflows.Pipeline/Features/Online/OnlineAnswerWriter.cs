namespace EcomWorkflows.Pipeline.Features.Online;

/// <summary>Writes the answer as Feast's feature server does: by column, the join keys first, with epoch timestamps.</summary>
internal static class OnlineAnswerWriter
{
    private static ReadOnlySpan<byte> Epoch => "\"1970-01-01T00:00:00Z\""u8;

    public static void Write(OnlineRequest request, OnlinePlan plan, DateTimeOffset now)
    {
        var answer = request.Answer;
        answer.Clear();
        answer.Write(plan.Head);
        foreach (var column in plan.KeyColumns)
            WriteKeys(request, column, answer);
        foreach (var column in plan.Columns)
        {
            if (column.Expression is null)
                WriteStored(request, plan, column, now, answer);
            else
                WriteComputed(request, plan, column, now, answer);
        }
        if (answer.Span[^1] == ',')
            answer.Advance(-1);
        answer.Write("]}"u8);
    }

    public static FeatureStatus StatusOf(OnlineRow row, FeatureView view, int position, DateTimeOffset now)
    {
        if (ReferenceEquals(row, OnlineRow.Absent))
            return FeatureStatus.NotFound;
        if (view.Ttl is { } ttl && now - row.EventTimestamp > ttl)
            return FeatureStatus.OutsideMaxAge;
        return row.IsNull(position) ? FeatureStatus.NullValue : FeatureStatus.Present;
    }

    /// <summary>A status as answers name it.</summary>
    public static string Name(FeatureStatus status) => System.Text.Encoding.ASCII.GetString(Wire(status).Trim((byte)'"'));

    /// <summary>A computed value and the status of the worst of what it was computed from, where it is not known.</summary>
    public static (double Value, FeatureStatus Status) Compute(OnlineRequest request, OnlinePlan plan, PlannedColumn column, int row, DateTimeOffset now)
    {
        Span<double> inputs = column.Inputs.Count <= 64 ? stackalloc double[column.Inputs.Count] : new double[column.Inputs.Count];
        var worst = FeatureStatus.NullValue;
        for (var i = 0; i < inputs.Length; i++)
        {
            var (view, position) = column.Inputs[i];
            if (view < 0)
            {
                inputs[i] = request.NumberOf(position, row);
                continue;
            }
            var found = request.Found[view][row]!;
            var status = StatusOf(found, plan.Views[view].View, position, now);
            inputs[i] = status == FeatureStatus.Present ? found.Number(position) : double.NaN;
            if (status > worst)
                worst = status;
        }
        var value = column.Expression!.Evaluate(inputs);
        return (value, double.IsNaN(value) ? worst : FeatureStatus.Present);
    }

    private static void WriteKeys(OnlineRequest request, int column, ByteBuffer answer)
    {
        answer.Write("{\"values\":["u8);
        for (var row = 0; row < request.Rows; row++)
        {
            Separate(answer, row);
            answer.Write(request.Raw(request.Column(column)[row]));
        }
        answer.Write("],\"statuses\":["u8);
        for (var row = 0; row < request.Rows; row++)
        {
            Separate(answer, row);
            answer.Write("\"PRESENT\""u8);
        }
        WriteEpochs(request, answer);
    }

    private static void WriteStored(OnlineRequest request, OnlinePlan plan, PlannedColumn column, DateTimeOffset now, ByteBuffer answer)
    {
        var (view, rows) = (plan.Views[column.View].View, request.Found[column.View]);
        answer.Write("{\"values\":["u8);
        for (var row = 0; row < request.Rows; row++)
        {
            Separate(answer, row);
            answer.Write(StatusOf(rows[row]!, view, column.Position, now) == FeatureStatus.Present ? rows[row]!.Json(column.Position) : "null"u8);
        }
        answer.Write("],\"statuses\":["u8);
        for (var row = 0; row < request.Rows; row++)
        {
            Separate(answer, row);
            answer.Write(Wire(StatusOf(rows[row]!, view, column.Position, now)));
        }
        if (request.Rows == 0)
        {
            answer.Write("]},"u8);
            return;
        }
        answer.Write("],\"event_timestamps\":["u8);
        for (var row = 0; row < request.Rows; row++)
        {
            Separate(answer, row);
            answer.Write(ReferenceEquals(rows[row], OnlineRow.Absent) ? Epoch : rows[row]!.TimestampJson);
        }
        answer.Write("]},"u8);
    }

    private static void WriteComputed(OnlineRequest request, OnlinePlan plan, PlannedColumn column, DateTimeOffset now, ByteBuffer answer)
    {
        var isBool = column.Expression!.IsBool;
        answer.Write("{\"values\":["u8);
        for (var row = 0; row < request.Rows; row++)
        {
            Separate(answer, row);
            var value = Compute(request, plan, column, row, now).Value;
            if (double.IsNaN(value))
                answer.Write("null"u8);
            else if (isBool)
                answer.Write(value != 0 ? "true"u8 : "false"u8);
            else
                WriteNumber(value, answer);
        }
        answer.Write("],\"statuses\":["u8);
        for (var row = 0; row < request.Rows; row++)
        {
            Separate(answer, row);
            answer.Write(Wire(Compute(request, plan, column, row, now).Status));
        }
        WriteEpochs(request, answer);
    }

    private static void WriteEpochs(OnlineRequest request, ByteBuffer answer)
    {
        if (request.Rows > 0)
        {
            answer.Write("],\"event_timestamps\":["u8);
            for (var row = 0; row < request.Rows; row++)
            {
                Separate(answer, row);
                answer.Write(Epoch);
            }
        }
        answer.Write("]},"u8);
    }

    private static void WriteNumber(double value, ByteBuffer answer)
    {
        const int MostDigits = 32;
        System.Buffers.Text.Utf8Formatter.TryFormat(value, answer.Room(MostDigits), out var written);
        answer.Advance(written);
    }

    private static void Separate(ByteBuffer answer, int row)
    {
        if (row > 0)
            answer.Write((byte)',');
    }

    private static ReadOnlySpan<byte> Wire(FeatureStatus status) => status switch
    {
        FeatureStatus.Present => "\"PRESENT\""u8,
        FeatureStatus.NullValue => "\"NULL_VALUE\""u8,
        FeatureStatus.NotFound => "\"NOT_FOUND\""u8,
        FeatureStatus.OutsideMaxAge => "\"OUTSIDE_MAX_AGE\""u8,
        _ => "\"INVALID\""u8,
    };
}
