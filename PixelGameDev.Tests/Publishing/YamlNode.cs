using YamlDotNet.RepresentationModel;

namespace PixelGameDev.Tests.Publishing;

/// <summary>A place in a YAML document that may not be there: reads as far as it goes, names itself when a test fails.</summary>
internal sealed class YamlPlace(YamlNode? node, string path)
{
    public bool Exists => node is not null;

    /// <summary>The scalar, null when there is none.</summary>
    public string? Text => (node as YamlScalarNode)?.Value;

    public IReadOnlyList<string> Texts => [.. (node as YamlSequenceNode ?? []).OfType<YamlScalarNode>().Select(item => item.Value!)];

    public IReadOnlyList<YamlPlace> Items => [.. (node as YamlSequenceNode ?? []).Select((item, index) => new YamlPlace(item, $"{path}[{index}]"))];

    public IReadOnlyDictionary<string, YamlPlace> Children => (node as YamlMappingNode ?? []).ToDictionary(
        pair => ((YamlScalarNode)pair.Key).Value!, pair => new YamlPlace(pair.Value, $"{path}.{pair.Key}"));

    public YamlPlace this[string name] => new(
        node is YamlMappingNode mapping && mapping.Children.TryGetValue(new YamlScalarNode(name), out YamlNode? child) ? child : null, $"{path}.{name}");

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
