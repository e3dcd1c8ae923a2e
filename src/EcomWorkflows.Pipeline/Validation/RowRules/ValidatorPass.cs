using System.Collections.Concurrent;
using System.Text.Json;
using EcomWorkflows.DuckDB;
using EcomWorkflows.Pipeline.Validation.Checks;
using FluentValidation;
using FluentValidation.Results;

namespace EcomWorkflows.Pipeline.Validation.RowRules;

/// <summary>Calls a validator once for each row any of its checks is about: one thread reads, all threads validate, memory stays at a few batches.</summary>
internal sealed class ValidatorPass(DuckDbConnection duck, int threads)
{
    private const int BatchRows = 4096;

    /// <summary>Checks share a pass up to this many: one bit each says which of them a row is for.</summary>
    private const int ChecksPerPass = 64;

    /// <summary>What was found for each check, by its ordinal; the failing rows are then in the table of failing rows.</summary>
    /// <exception cref="RowValidatorException">The validator itself failed on a row.</exception>
    public IReadOnlyDictionary<int, ValidatorFindings> Run(
        RowValidatorDescriptor validator, IReadOnlyList<(int Ordinal, ValidatorCheck Check)> checks, CancellationToken cancellationToken) =>
        checks.Chunk(ChecksPerPass).SelectMany(chunk => RunTogether(validator, chunk, cancellationToken)).ToDictionary();

    private Dictionary<int, ValidatorFindings> RunTogether(
        RowValidatorDescriptor validator, IReadOnlyList<(int Ordinal, ValidatorCheck Check)> checks, CancellationToken cancellationToken)
    {
        using var sink = new FailingRowSink(duck);
        var tallies = checks.Select(_ => new Tally()).ToList();
        using (var reader = duck.Query(Select(validator, checks), ct: cancellationToken))
        {
            try
            {
                Parallel.ForEach(
                    Partitioner.Create(Batches(validator, checks.Count, reader), EnumerablePartitionerOptions.NoBuffering),
                    new ParallelOptions { MaxDegreeOfParallelism = threads, CancellationToken = cancellationToken },
                    batch => Validate(validator, batch, checks, tallies, sink));
            }
            catch (AggregateException failures) when (failures.InnerExceptions.OfType<RowValidatorException>().FirstOrDefault() is { } failure)
            {
                throw failure;
            }
        }
        sink.MoveTo(duck, cancellationToken);
        return checks.Zip(tallies).ToDictionary(pair => pair.First.Ordinal, pair => pair.Second.Findings);
    }

    private static string Select(RowValidatorDescriptor validator, IReadOnlyList<(int Ordinal, ValidatorCheck Check)> checks)
    {
        var scopes = checks.Select(check => check.Check.Scope).ToList();
        return $"""
            select
              {string.Join(",\n  ", validator.Columns.Select(column => $"{DuckDbSql.Identifier(column.Name)}::{column.Type} as {DuckDbSql.Identifier(column.Name)}"))},
              _file,
              _line,
              {string.Join(",\n  ", scopes.Select((scope, index) => $"({scope}) as in_scope_{index}"))}
            from {ValidatedTable.Batch}
            where {string.Join(" or ", scopes.Select(scope => $"({scope})"))}
            """;
    }

    private static IEnumerable<RowBatch> Batches(RowValidatorDescriptor validator, int checks, DuckDbReader reader)
    {
        var take = validator.Bind(reader);
        var (file, line) = (reader.Ordinal("_file"), reader.Ordinal("_line"));
        var rows = new List<RowToValidate>(BatchRows);
        while (reader.Read())
        {
            var scope = 0UL;
            for (var check = 0; check < checks; check++)
                scope |= reader.Get<bool>(line + 1 + check) ? 1UL << check : 0;
            rows.Add(new RowToValidate(reader.Get<string?>(file) ?? "", reader.Get<long?>(line) ?? 0, scope, take()));
            if (rows.Count == BatchRows)
            {
                yield return new RowBatch(rows);
                rows = new List<RowToValidate>(BatchRows);
            }
        }
        if (rows.Count > 0)
            yield return new RowBatch(rows);
    }

    private static void Validate(
        RowValidatorDescriptor validator, RowBatch batch, IReadOnlyList<(int Ordinal, ValidatorCheck Check)> checks, List<Tally> tallies, FailingRowSink sink)
    {
        var failing = new List<(int, string, long, string, string)>();
        foreach (var row in batch.Rows)
        {
            var found = Call(validator, row);
            if (found.IsValid)
                continue;
            for (var index = 0; index < checks.Count; index++)
            {
                if ((row.InScope & (1UL << index)) == 0)
                    continue;
                var counted = Counted(checks[index].Check, found);
                tallies[index].Add(counted);
                var errors = counted.Where(failure => failure.Severity == Severity.Error).ToList();
                if (errors.Count > 0)
                    failing.Add((checks[index].Ordinal, row.File, row.Line, Values(errors), string.Join("; ", errors.Select(error => error.ErrorMessage))));
            }
        }
        if (failing.Count > 0)
            sink.Add(failing);
    }

    private static ValidationResult Call(RowValidatorDescriptor validator, RowToValidate row)
    {
        try
        {
            return row.Validate();
        }
        catch (Exception failure) when (failure is not OperationCanceledException)
        {
            throw new RowValidatorException($"the validator '{validator.Name}' failed on {row.File} line {row.Line}: {failure.GetType().Name}: {failure.Message}", failure);
        }
    }

    private static List<ValidationFailure> Counted(ValidatorCheck check, ValidationResult found) =>
        check.ErrorCodes.Count == 0 ? found.Errors : [.. found.Errors.Where(failure => check.ErrorCodes.Contains(failure.ErrorCode))];

    private static string Values(IEnumerable<ValidationFailure> errors) => JsonSerializer.Serialize(
        errors.DistinctBy(error => error.PropertyName).ToDictionary(error => JsonNamingPolicy.SnakeCaseLower.ConvertName(error.PropertyName), error => error.AttemptedValue?.ToString()));

    private sealed class Tally
    {
        private readonly Dictionary<string, long> byRule = new(StringComparer.Ordinal);
        private readonly Dictionary<string, long> noted = new(StringComparer.Ordinal);
        private long failing;

        public ValidatorFindings Findings => new(failing, byRule, noted);

        public void Add(List<ValidationFailure> failures)
        {
            lock (byRule)
            {
                foreach (var failure in failures)
                {
                    var counts = failure.Severity == Severity.Error ? byRule : noted;
                    counts[failure.ErrorCode] = counts.GetValueOrDefault(failure.ErrorCode) + 1;
                }
                if (failures.Exists(failure => failure.Severity == Severity.Error))
                    failing++;
            }
        }
    }
}
