using System.CommandLine.Parsing;
using System.Text.RegularExpressions;

namespace EcomWorkflows.Server.Cli;

/// <summary>Says what is wrong with a command line in one line each: the option, what was given, what is allowed.</summary>
internal static partial class UsageErrors
{
    public static string Words(ParseError error)
    {
        if (!NotAllowed().IsMatch(error.Message) && !WrongType().IsMatch(error.Message))
            return error.Message;
        var (name, type) = Symbol(error.SymbolResult);
        if (WrongType().Match(error.Message) is { Success: true } wrong)
            return $"{name} is '{wrong.Groups["given"].Value}'; {Allowed(type)}";
        var allowed = Quoted().Matches(error.Message).Select(word => word.Groups["word"].Value).ToList();
        return $"{name} is '{allowed[0]}'; allowed: {string.Join(", ", allowed.Skip(1))}.";
    }

    /// <summary>The option or argument as a person types it, and the type of its value.</summary>
    private static (string Name, Type Type) Symbol(SymbolResult? result) => result switch
    {
        OptionResult option => (option.Option.Name, option.Option.ValueType),
        ArgumentResult { Parent: OptionResult option } => (option.Option.Name, option.Option.ValueType),
        ArgumentResult argument => (argument.Argument.Name.ToUpperInvariant(), argument.Argument.ValueType),
        _ => ("the value", typeof(string)),
    };

    private static string Allowed(Type type)
    {
        var plain = Nullable.GetUnderlyingType(type) ?? type;
        return plain switch
        {
            { IsEnum: true } => $"allowed: {string.Join(", ", Enum.GetNames(plain).Select(name => name.ToLowerInvariant()))}.",
            _ when plain == typeof(int) || plain == typeof(long) => "a whole number is needed.",
            _ when plain == typeof(double) => "a number is needed.",
            _ when plain == typeof(DateTimeOffset) || plain == typeof(DateTime) || plain == typeof(DateOnly) => "a date or time such as 2026-01-31 or 2026-01-31T06:00Z is needed.",
            _ when plain == typeof(bool) => "allowed: true, false.",
            _ => "it cannot be read.",
        };
    }

    [GeneratedRegex("^Cannot parse argument '(?<given>.*?)' for .*expected type '", RegexOptions.Singleline)]
    private static partial Regex WrongType();

    [GeneratedRegex("^Argument '.*' not recognized. Must be one of:", RegexOptions.Singleline)]
    private static partial Regex NotAllowed();

    [GeneratedRegex("'(?<word>[^']*)'")]
    private static partial Regex Quoted();
}
