using System.Text;
using PixelGameDev.Executor.Docker;
using PixelGameDev.Executor.Links;
using PixelGameDev.Executor.Sandboxes;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Streaming.Contracts;

namespace PixelGameDev.Executor.Configuration;

/// <summary>Reads <see cref="ExecutorOptions"/> from the environment, or throws one exception that lists every invalid setting.</summary>
internal static class ExecutorSettings
{
    /// <summary>The minimum length of the key in bytes: HS256 requires the length of its hash.</summary>
    public const int MinSecretBytes = 32;

    private static readonly string[] Placeholders =
        ["secret", "changeme", "change-me", "change_me", "default", "password", "example", "your-", "your_", "placeholder", "test-key",
            "dev-key", "12345678"];

    /// <exception cref="SettingsException">At least one setting is invalid.</exception>
    public static ExecutorOptions Read(IConfiguration configuration, IHostEnvironment environment)
    {
        SettingsReader reader = new(configuration);
        bool production = !environment.IsDevelopment();
        bool force = reader.ReadBool("FORCE_DOCKER_EXECUTION", fallback: production);
        SandboxPolicy defaults = new();

        ExecutorOptions options = new()
        {
            EnvironmentName = environment.EnvironmentName,
            ContentRoot = environment.ContentRootPath,
            ForceDocker = force,
            SandboxKind = Kind(reader, force),
            ServiceKey = ServiceKey(reader, production),
            MaxSessions = reader.ReadInt("MAX_CONCURRENT_SESSIONS", 5, 1, 1000),
            MaxSessionsPerOwner = reader.ReadInt("MAX_SESSIONS_PER_OWNER", 2, 1, 100),
            MaxWatchers = reader.ReadInt("MAX_WATCHERS", 100, 1, 1000),
            MaxSessionTime = TimeSpan.FromSeconds(reader.ReadInt("MAX_SESSION_TIME", 300, 1, 86_400)),
            IdleTime = TimeSpan.FromSeconds(reader.ReadInt("SESSION_IDLE_TIME", 60, 1, 86_400)),
            MaxCodeBytes = reader.ReadInt("MAX_CODE_SIZE", 1_000_000, 1, 10_000_000),
            MaxProjectBytes = (int)reader.ReadSize("MAX_PROJECT_SIZE", 24 << 20, 1, 256 << 20, "24m"),
            MaxProjectFiles = reader.ReadInt("MAX_PROJECT_FILES", 1000, 1, 5000),
            Warm = reader.ReadInt("SANDBOX_WARM", 2, 0, 100),
            SandboxMemoryTotal = reader.ReadSize("SANDBOX_MEMORY_TOTAL", 0, 64 << 20, 1L << 50, "4g") is > 0 and var total ? total : null,
            Link = reader.ReadChoice("SANDBOX_LINK", LinkMode.Auto, LinkModes),
            LinkDirectory = LinkDirectoryPath(reader),
            DockerEndpoint = DockerEndpoint(reader),
            GameImage = reader.ReadText("GAME_IMAGE"),
            GameBaseImage = reader.ReadText("GAME_BASE_IMAGE") ?? "debian:trixie-slim",
            GamePygame = reader.ReadText("GAME_PYGAME") ?? "pygame",
            GameBuildNetwork = reader.ReadText("GAME_BUILD_NETWORK"),
            GameHostPath = ExistingFile(reader, "GAMEHOST_PATH", "/opt/pixel/gamehost"),
            RuntimePath = ExistingDirectory(reader, "PIXEL_RUNTIME_PATH", "/opt/pixel/runtime"),
            PythonPath = ExistingFile(reader, "PYTHON_PATH", "/usr/bin/python3"),
            Identity = Identity(reader),
            Policy = defaults with
            {
                MemoryBytes = reader.ReadSize("SANDBOX_MEMORY", defaults.MemoryBytes, 64 << 20, 64L << 30, "256m"),
                Cpus = reader.ReadDouble("SANDBOX_CPUS", defaults.Cpus, 0.1, 64),
                Pids = reader.ReadInt("SANDBOX_PIDS", defaults.Pids, 16, 4096),
                Runtime = reader.ReadText("SANDBOX_RUNTIME"),
            },
        };

        reader.ReadInt(PrometheusEndpoint.Setting, 9465, 1, 65_535);
        if (!LogLevelSetting.TryParse(configuration[LogLevelSetting.Variable], out _))
        {
            reader.AddError(LogLevelSetting.Variable,
                $"'{configuration[LogLevelSetting.Variable]}' is unknown; it may be {LogLevelSetting.Allowed}.", "info");
        }

        if (reader.Errors.Count == 0)
        {
            return options;
        }

        StringBuilder message = new("The Executor does not start, because these settings are wrong:");
        foreach (string problem in reader.Errors)
        {
            message.Append("\n  - ").Append(problem);
        }

        throw new SettingsException(message.ToString());
    }

    private static readonly Dictionary<string, LinkMode> LinkModes = new()
    {
        ["auto"] = LinkMode.Auto,
        ["socket"] = LinkMode.Socket,
        ["stdio"] = LinkMode.Stdio,
    };

    private static string? Kind(SettingsReader reader, bool force)
    {
        string? kind = reader.ReadChoice<string?>("SANDBOX_KIND", null, new Dictionary<string, string?>
        {
            ["auto"] = null,
            [SandboxKinds.Docker] = SandboxKinds.Docker,
            [SandboxKinds.Bubblewrap] = SandboxKinds.Bubblewrap,
            [SandboxKinds.Subprocess] = SandboxKinds.Subprocess,
        });
        if (force && kind is not (null or SandboxKinds.Docker))
        {
            reader.AddError("SANDBOX_KIND",
                $"'{kind}' contradicts FORCE_DOCKER_EXECUTION=true, which allows Docker containers and nothing else.", SandboxKinds.Docker);
        }

        return kind;
    }

    /// <summary>Reads the key. Its value never appears in a message.</summary>
    private static byte[] ServiceKey(SettingsReader reader, bool production)
    {
        const string name = "EXECUTOR_SECRET_KEY";
        const string example = "<output of: openssl rand -base64 48>";
        string? value = reader.ReadText(name) ?? reader.ReadText("FLASK_SECRET_KEY");
        if (value is null)
        {
            if (!production)
            {
                return DevelopmentSecret.LoadOrCreate();
            }

            reader.AddError(name, "is missing; it signs the tokens between the Api and the Executor.", example);
            return [];
        }

        byte[] key = Encoding.UTF8.GetBytes(value);
        if (key.Length < MinSecretBytes)
        {
            reader.AddError(name, $"is too short ({key.Length} bytes, {MinSecretBytes} are needed).", example);
        }
        else if (production
            && (value.Distinct().Count() < 8 || Placeholders.Any(word => value.Contains(word, StringComparison.OrdinalIgnoreCase))))
        {
            reader.AddError(name, "looks like a default value, which everybody knows.", example);
        }

        return key;
    }

    private static string LinkDirectoryPath(SettingsReader reader)
    {
        string path = reader.ReadText("SANDBOX_LINK_DIRECTORY")
            ?? Path.Combine(Path.GetTempPath(), $"pixelgamedev-links-{Environment.UserName}");
        if (!Path.IsPathRooted(path))
        {
            reader.AddError("SANDBOX_LINK_DIRECTORY", $"'{path}' is not an absolute path.", "/run/pixelgamedev/links");
        }
        else if (Encoding.UTF8.GetByteCount(path) > Links.LinkDirectory.MaxRootBytes)
        {
            // A socket path has at most 107 bytes, and the Executor appends a directory and a name.
            reader.AddError("SANDBOX_LINK_DIRECTORY",
                $"is longer than {Links.LinkDirectory.MaxRootBytes} bytes, too long for a socket's path.", "/run/pixelgamedev/links");
        }

        return path;
    }

    private static Uri DockerEndpoint(SettingsReader reader)
    {
        const string fallback = "unix:///var/run/docker.sock";
        string text = reader.ReadText("DOCKER_HOST") ?? fallback;
        if (Uri.TryCreate(text, UriKind.Absolute, out Uri? uri) && uri.Scheme is "unix" or "tcp" or "http" or "https")
        {
            return uri!;
        }

        reader.AddError("DOCKER_HOST", $"'{text}' is not an address of a Docker daemon.", fallback);
        return new Uri(fallback);
    }

    private static string? ExistingFile(SettingsReader reader, string name, string example)
    {
        string? path = reader.ReadText(name);
        if (path is not null && !File.Exists(path))
        {
            reader.AddError(name, $"'{path}' does not exist.", example);
        }

        return path;
    }

    private static string? ExistingDirectory(SettingsReader reader, string name, string example)
    {
        string? path = reader.ReadText(name);
        if (path is not null && !Directory.Exists(path))
        {
            reader.AddError(name, $"'{path}' is not a directory.", example);
        }

        return path;
    }

    private static string Identity(SettingsReader reader)
    {
        string identity = reader.ReadText("EXECUTOR_ID") ?? Environment.MachineName;
        if (identity.Length > 63 || identity.Any(c => !char.IsAsciiLetterOrDigit(c) && c is not ('-' or '_' or '.')))
        {
            reader.AddError("EXECUTOR_ID", "may have letters, digits, '-', '_' and '.', 63 at most.", "executor-1");
        }

        return identity;
    }
}
