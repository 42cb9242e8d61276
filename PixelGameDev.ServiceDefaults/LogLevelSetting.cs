using Microsoft.Extensions.Logging;

namespace PixelGameDev.ServiceDefaults;

/// <summary>
/// The variable <c>LOG_LEVEL</c>: <c>trace</c>, <c>debug</c>, <c>info</c>, <c>warn</c>, <c>error</c>, <c>critical</c> or <c>none</c>,
/// in any case; the framework's own longer names (<c>Information</c>, <c>Warning</c>) are understood too.
/// </summary>
public static class LogLevelSetting
{
    /// <summary>Name of the environment variable.</summary>
    public const string Variable = "LOG_LEVEL";

    /// <summary>Used when the variable is absent.</summary>
    public const LogLevel Default = LogLevel.Information;

    /// <summary>What may stand in the variable, for a message about a wrong value.</summary>
    public const string Allowed = "trace, debug, info, warn, error, critical, none";

    /// <summary>Reads a value; absent or empty is <see cref="Default"/>, an unknown one is false.</summary>
    public static bool TryParse(string? value, out LogLevel level)
    {
        (bool known, level) = value?.Trim().ToLowerInvariant() switch
        {
            null or "" => (true, Default),
            "trace" => (true, LogLevel.Trace),
            "debug" => (true, LogLevel.Debug),
            "info" or "information" => (true, LogLevel.Information),
            "warn" or "warning" => (true, LogLevel.Warning),
            "error" => (true, LogLevel.Error),
            "critical" or "fatal" => (true, LogLevel.Critical),
            "none" or "off" => (true, LogLevel.None),
            _ => (false, Default),
        };
        return known;
    }
}
