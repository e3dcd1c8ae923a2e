using System.Text.Json;
using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration.Planning;
using EcomWorkflows.Orchestration;

namespace EcomWorkflows.Server.Dashboards.Models;

/// <summary>A parameter in the form for a manual run.</summary>
/// <param name="Text">What stands in the field.</param>
/// <param name="Error">Why that cannot be used; null where it can.</param>
public sealed record ParamField(DagParam Param, string Text, string? Error)
{
    public const string Prefix = "param.";

    public string Id => $"param-{Param.Name}";

    public string FieldName => Prefix + Param.Name;

    /// <summary>Whether the field is taller than a line, because its value is JSON.</summary>
    public bool IsJson => Param.Type is "object" or "array";

    /// <summary>What can be chosen, each with its label; null where the field is written in freely.</summary>
    public IReadOnlyList<(string Value, string Label)>? Choices =>
        Param.Allowed is { } allowed ? [.. allowed.Select(TextOf).Select(text => (text, text))]
        : Param.Type == "boolean" ? [("true", "yes"), ("false", "no")]
        : null;

    /// <summary>The field before anybody has touched it.</summary>
    public static ParamField Of(DagParam param) => new(param, param.Default is null ? "" : TextOf(param.Default), Error: null);

    /// <summary>The field as it was sent, and its value; an empty field, but for a text, takes the default.</summary>
    public static (ParamField Field, JsonNode? Value, bool IsGiven) Read(DagParam param, string text)
    {
        if (param.Type != "string" && string.IsNullOrWhiteSpace(text))
            return (new ParamField(param, text, param.Default is null ? $"Give a value; it must be {param.Type}." : null), null, IsGiven: false);
        JsonNode? value;
        try
        {
            value = param.Type == "string" ? JsonValue.Create(text) : JsonNode.Parse(text);
        }
        catch (JsonException)
        {
            return (new ParamField(param, text, $"'{text}' is not {param.Type}{(param.Type is "object" or "array" ? ": write it as JSON" : "")}."), null, IsGiven: false);
        }
        var (_, problems) = ParamRules.Resolve([param], new JsonObject { [param.Name] = value?.DeepClone() });
        return problems.Count == 0
            ? (new ParamField(param, text, Error: null), value, IsGiven: true)
            : (new ParamField(param, text, param.Allowed is null ? $"'{text}' is not {param.Type}." : $"'{text}' is none of the allowed values: {param.AllowedText}."), null, IsGiven: false);
    }

    private static string TextOf(JsonNode value) => value.GetValueKind() == JsonValueKind.String ? value.GetValue<string>() : value.ToReadableText();
}
