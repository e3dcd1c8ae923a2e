using System.Data;
using System.Runtime.CompilerServices;
using Dapper;

namespace EcomWorkflows.Orchestration.Storage;

/// <summary>Dapper's process-wide settings, made once when this assembly is loaded.</summary>
internal static class DapperSetup
{
#pragma warning disable CA2255 // Dapper has no instance to configure: its settings are static and must stand before the first query of any stage.
    [ModuleInitializer]
#pragma warning restore CA2255
    public static void Apply()
    {
        DefaultTypeMap.MatchNamesWithUnderscores = true;
        SqlMapper.AddTypeHandler(new UtcHandler());
    }

    /// <summary>PostgreSQL's timestamptz arrives as a UTC DateTime; everywhere in our code an instant is a DateTimeOffset.</summary>
    private sealed class UtcHandler : SqlMapper.TypeHandler<DateTimeOffset>
    {
        public override DateTimeOffset Parse(object value) => value switch
        {
            DateTime time => new DateTimeOffset(DateTime.SpecifyKind(time, DateTimeKind.Utc)),
            DateTimeOffset instant => instant,
            _ => throw new DataException($"expected a timestamptz, got {value.GetType()}"),
        };

        public override void SetValue(IDbDataParameter parameter, DateTimeOffset value) => parameter.Value = value.UtcDateTime;
    }
}
