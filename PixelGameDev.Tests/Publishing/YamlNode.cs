using System.Globalization;
using System.Text.Json.Nodes;
using YamlDotNet.Core;
using YamlDotNet.RepresentationModel;

namespace PixelGameDev.Tests.Publishing;

/// <summary>
/// A place in a YAML document that may not exist. It reads as far as the document goes and reports its path when a test fails.
/// </summary>
internal sealed class YamlPlace(YamlNode? node, string path)
{
    public bool Exists => node is not null;

    /// <summary>Returns the scalar; null when there is none.</summary>
    public string? Text => (node as YamlScalarNode)?.Value;

    public IReadOnlyList<string> Texts => [.. (node as YamlSequenceNode ?? []).OfType<YamlScalarNode>().Select(item => item.Value!)];

    public IReadOnlyList<YamlPlace> Items =>
        [.. (node as YamlSequenceNode ?? []).Select((item, index) => new YamlPlace(item, $"{path}[{index}]"))];

    public IReadOnlyDictionary<string, YamlPlace> Children => (node as YamlMappingNode ?? []).ToDictionary(
        pair => ((YamlScalarNode)pair.Key).Value!, pair => new YamlPlace(pair.Value, $"{path}.{pair.Key}"));

    public YamlPlace this[string name] => new(
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(name), out YamlNode? child) ? child : null,
        $"{path}.{name}");

    /// <summary>Converts the node to JSON. A plain scalar becomes null, true, false or a whole number if it looks like one.</summary>
    public JsonNode? ToJson() => node switch
    {
        YamlMappingNode => new JsonObject(Children.Select(static pair => KeyValuePair.Create(pair.Key, pair.Value.ToJson()))),
        YamlSequenceNode => new JsonArray([.. Items.Select(static item => item.ToJson())]),
        YamlScalarNode { Style: not ScalarStyle.Plain } scalar => JsonValue.Create(scalar.Value),
        YamlScalarNode { Value: "null" or "~" or "" or null } => null,
        YamlScalarNode { Value: "true" } => JsonValue.Create(true),
        YamlScalarNode { Value: "false" } => JsonValue.Create(false),
        YamlScalarNode scalar when long.TryParse(scalar.Value, NumberStyles.AllowLeadingSign, CultureInfo.InvariantCulture,
            out long number) => JsonValue.Create(number),
        YamlScalarNode scalar => JsonValue.Create(scalar.Value),
        _ => throw new InvalidDataException($"{this} is nothing JSON has"),
    };

    public override string ToString() => $"{path} = {Text ?? node?.ToString() ?? "(absent)"}";

    public static YamlPlace Load(string file)
    {
        YamlStream stream = [];
        using StreamReader reader = new(file);
        stream.Load(reader);
        return new YamlPlace(stream.Documents[0].RootNode, Path.GetFileName(file));
    }

    public static YamlPlace Parse(string text, string name)
    {
        YamlStream stream = [];
        stream.Load(new StringReader(text));
        return new YamlPlace(stream.Documents[0].RootNode, name);
    }
}
