using System.Text.Json.Nodes;
using EcomWorkflows.Orchestration.Dags;
using EcomWorkflows.Orchestration;

namespace EcomWorkflows.Elsa.Definitions;

/// <summary>Writes DAG parameters as definition inputs, and their defaults as definition variables of the same name.</summary>
internal static class ParamWriter
{
    public static void Write(JsonObject definition, IReadOnlyList<DagParam> parameters)
    {
        var former = Named(definition, "inputs");
        var variables = Named(definition, "variables");
        foreach (var dropped in former.Keys.Where(name => parameters.All(p => p.Name != name)))
            variables.Remove(dropped);
        var inputs = new JsonArray();
        foreach (var parameter in parameters)
        {
            inputs.Add(Input(former.GetValueOrDefault(parameter.Name), parameter));
            if (parameter.Default is null)
                variables.Remove(parameter.Name);
            else
                variables[parameter.Name] = Variable(variables.GetValueOrDefault(parameter.Name), parameter);
        }
        definition["inputs"] = inputs;
        definition["variables"] = new JsonArray([.. variables.Values.Select(v => v.DeepClone())]);
    }

    private static OrderedDictionary<string, JsonObject> Named(JsonObject definition, string member)
    {
        var named = new OrderedDictionary<string, JsonObject>();
        foreach (var item in definition.Objects(member).Where(item => item.Text("name") is not null))
            named.TryAdd(item.Text("name")!, item);
        return named;
    }

    private static JsonObject Input(JsonObject? former, DagParam parameter)
    {
        var input = (JsonObject?)former?.DeepClone() ?? new JsonObject { ["category"] = "General", ["uiHint"] = "singleline", ["storageDriverType"] = null };
        var isArray = input["isArray"] is JsonValue flag && flag.TryGetValue<bool>(out var array) && array;
        if (ParamTypes.ToJsonType(input.Text("type") ?? "", isArray) != parameter.Type)
            (input["type"], input["isArray"]) = ParamTypes.FromJsonType(parameter.Type);
        input["name"] = parameter.Name;
        input["displayName"] = input.Text("displayName") ?? parameter.Name;
        input["description"] = parameter.Description;
        if (parameter.Allowed is null)
            input.Remove(ParamReader.AllowedMember);
        else
            input[ParamReader.AllowedMember] = new JsonArray([.. parameter.Allowed.Select(value => value.DeepClone())]);
        return input;
    }

    private static JsonObject Variable(JsonObject? former, DagParam parameter)
    {
        var variable = (JsonObject?)former?.DeepClone() ?? new JsonObject { ["id"] = "param-" + parameter.Name, ["storageDriverTypeName"] = null };
        var (type, isArray) = ParamTypes.FromJsonType(parameter.Type);
        variable["name"] = parameter.Name;
        variable["typeName"] = type;
        variable["isArray"] = isArray;
        // Studio itself keeps the value of a variable as text.
        variable["value"] = parameter.Default is JsonValue scalar && scalar.TryGetValue<string>(out var text) ? text : parameter.Default!.ToReadableText();
        return variable;
    }
}
