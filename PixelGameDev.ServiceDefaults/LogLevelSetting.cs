using Microsoft.Extensions.Logging;

namespace PixelGameDev.ServiceDefaults;

/// <summary>
/// Reads the variable <c>LOG_LEVEL</c>: <c>trace</c>, <c>debug</c>, <c>info</c>, <c>warn</c>, <c>error</c>, <c>critical</c> or <c>none</c>,
/// in any case. The framework's longer names (<c>Information</c>, <c>Warning</c>) are also accepted.
/// </summary>
public static class LogLevelSetting
{
    /// <summary>The name of the environment variable.</summary>
    public const string Variable = "LOG_LEVEL";

    /// <summary>The level if the variable is absent.</summary>
    public const LogLevel Default = LogLevel.Information;

    /// <summary>The valid values, for a message about an invalid one.</summary>
    public const string Allowed = "trace, debug, info, warn, error, critical, none";

    /// <summary>Reads a value. An absent or empty value gives <see cref="Default"/>; returns false for an unknown value.</summary>
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
