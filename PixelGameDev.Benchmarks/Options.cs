namespace PixelGameDev.Benchmarks;

/// <summary>Reads <c>--name value</c> and <c>--name</c> from the command line.</summary>
internal sealed class Options
{
    private readonly Dictionary<string, string> _values = new(StringComparer.Ordinal);

    public string? this[string name] => _values.GetValueOrDefault(name);

    public static Options Parse(string[] args)
    {
        Options options = new();
        for (int i = 0; i < args.Length; i++)
        {
            if (args[i].StartsWith("--", StringComparison.Ordinal))
            {
                bool hasValue = i + 1 < args.Length && !args[i + 1].StartsWith("--", StringComparison.Ordinal);
                options._values[args[i][2..]] = hasValue ? args[++i] : string.Empty;
            }
        }

        return options;
    }

    /// <summary>The number of options given.</summary>
    public int Count => _values.Count;

    public bool Has(string name) => _values.ContainsKey(name);

    public int Int(string name, int otherwise) =>
        _values.TryGetValue(name, out string? text) && int.TryParse(text, System.Globalization.CultureInfo.InvariantCulture, out int value)
            ? value : otherwise;
}
