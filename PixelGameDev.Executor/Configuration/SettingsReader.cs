using System.Globalization;

namespace PixelGameDev.Executor.Configuration;

/// <summary>
/// Reads settings by the names of their environment variables and collects all errors, so that one message lists them and an operator can
/// correct them at once.
/// </summary>
internal sealed class SettingsReader(IConfiguration configuration)
{
    private readonly List<string> _errors = [];

    /// <summary>Gets the errors, one line for each setting.</summary>
    public IReadOnlyList<string> Errors => _errors;

    /// <summary>Reads a text; null if it is absent or empty.</summary>
    public string? ReadText(string name) => configuration[name] is { } value && value.Trim() is { Length: > 0 } trimmed ? trimmed : null;

    /// <summary>Adds an error with the setting, the problem, and an example of a valid value.</summary>
    public void AddError(string name, string what, string example) => _errors.Add($"{name}: {what} Example: {name}={example}");

    public bool ReadBool(string name, bool fallback)
    {
        switch (ReadText(name)?.ToLowerInvariant())
        {
            case null: return fallback;
            case "true" or "1" or "yes" or "on": return true;
            case "false" or "0" or "no" or "off": return false;
            case { } other:
                AddError(name, $"'{other}' is neither true nor false.", fallback ? "true" : "false");
                return fallback;
        }
    }

    public int ReadInt(string name, int fallback, int least, int most)
    {
        if (ReadText(name) is not { } text)
        {
            return fallback;
        }

        if (int.TryParse(text, NumberStyles.None, CultureInfo.InvariantCulture, out int value) && value >= least && value <= most)
        {
            return value;
        }

        AddError(name, $"'{text}' is not a whole number from {least} to {most}.", fallback.ToString(CultureInfo.InvariantCulture));
        return fallback;
    }

    public double ReadDouble(string name, double fallback, double least, double most)
    {
        if (ReadText(name) is not { } text)
        {
            return fallback;
        }

        if (double.TryParse(text, NumberStyles.AllowDecimalPoint, CultureInfo.InvariantCulture, out double value) && value >= least
            && value <= most)
        {
            return value;
        }

        AddError(name, FormattableString.Invariant($"'{text}' is not a number from {least} to {most}."),
            fallback.ToString(CultureInfo.InvariantCulture));
        return fallback;
    }

    /// <summary>
    /// Reads a size in Docker's format (<c>256m</c>, <c>1g</c>, <c>65536k</c> or plain bytes) or in Kubernetes' format (<c>4Gi</c>).
    /// </summary>
    public long ReadSize(string name, long fallback, long least, long most, string example)
    {
        if (ReadText(name) is not { } text)
        {
            return fallback;
        }

        if (TryParseSize(text, out long value) && value >= least && value <= most)
        {
            return value;
        }

        AddError(name, $"'{text}' is not a size from {least / 1048576}m to {most / 1048576}m (units b, k, m, g).", example);
        return fallback;
    }

    public T ReadChoice<T>(string name, T fallback, IReadOnlyDictionary<string, T> values)
    {
        if (ReadText(name) is not { } text)
        {
            return fallback;
        }

        if (values.TryGetValue(text.ToLowerInvariant(), out T? value))
        {
            return value;
        }

        AddError(name, $"'{text}' is unknown; it may be {string.Join(", ", values.Keys)}.", values.Keys.First());
        return fallback;
    }

    internal static bool TryParseSize(string text, out long bytes)
    {
        text = text.Trim().ToLowerInvariant();
        if (text.EndsWith("ib", StringComparison.Ordinal))
        {
            text = text[..^2];
        }
        else if (text.Length > 1 && (text[^1] == 'b' || (text[^1] == 'i' && text[^2] is 'k' or 'm' or 'g')))
        {
            text = text[..^1];
        }

        long unit = text.Length == 0 ? 1 : text[^1] switch { 'k' => 1L << 10, 'm' => 1L << 20, 'g' => 1L << 30, _ => 1 };
        string digits = unit == 1 ? text : text[..^1];
        bytes = 0;
        if (!long.TryParse(digits, NumberStyles.None, CultureInfo.InvariantCulture, out long number) || number > long.MaxValue / unit)
        {
            return false;
        }

        bytes = number * unit;
        return true;
    }
}
