using System.Globalization;
using System.Net;
using System.Text;
using Npgsql;
using PixelGameDev.Api.Accounts;
using PixelGameDev.Api.Gallery;
using PixelGameDev.Api.History.Objects;
using PixelGameDev.Api.Projects;
using PixelGameDev.Api.Recordings;
using PixelGameDev.Api.Security;
using PixelGameDev.Api.Security.Authentication;
using PixelGameDev.Api.Security.Oidc;
using PixelGameDev.Api.Sessions.Execution;
using PixelGameDev.Api.Storage;
using PixelGameDev.ServiceDefaults;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Api.Configuration;

/// <summary>Reads the operator's settings and collects all errors in them.</summary>
internal sealed class ApiOptionsReader
{
    private const int MinSecretBytes = 32;
    private const int MinPasswordLength = 12;
    private const int MinSetupCode = 20;
    private const string SecretExample = "a long random one, e.g. made by: openssl rand -base64 48";

    // Words from samples and tutorials. A secret that contains one of them was copied, not generated.
    private static readonly string[] PlaceholderWords =
        ["changeme", "change_me", "change-me", "change this", "your-", "your_", "yoursecret", "example", "default", "placeholder",
            "secret-key", "secretkey", "dev-secret", "insecure", "password", "qwerty", "12345678"];

    private static readonly string[] DefaultPasswords = ["postgres", "pixel", "pixel_gamedev", "secret", "admin", "root", "test"];

    private readonly IConfiguration _configuration;
    private readonly bool _production;
    private readonly DevelopmentSecrets _developmentSecrets;
    private readonly List<string> _errors = [];

    private ApiOptionsReader(IConfiguration configuration, bool production)
    {
        _configuration = configuration;
        _production = production;
        _developmentSecrets = new DevelopmentSecrets(configuration);
    }

    /// <summary>Returns the options, or throws one exception that names every invalid setting.</summary>
    /// <exception cref="ConfigurationException">At least one setting is missing or invalid.</exception>
    public static ApiOptions Read(IConfiguration configuration, IHostEnvironment environment) =>
        new ApiOptionsReader(configuration, !environment.IsDevelopment()).Read();

    private ApiOptions Read()
    {
        CheckDatabase();
        ApiOptions options = new(
            new TokenOptions(ReadSecret("JWT_SECRET")),
            // FLASK_SECRET_KEY is the name of this setting in the prototype. It is still read, so that old .env files work.
            new ExecutorOptions(
                ReadSecret("EXECUTOR_SECRET_KEY", "FLASK_SECRET_KEY"), ReadExecutors(),
                ReadInt("MAX_SESSION_TIME", 300, 5, 86_400, "seconds")),
            new ProjectOptions(ReadInt("MAX_CODE_SIZE", 1_000_000, 1_000, 10_000_000, "bytes")),
            new ProxyOptions(ReadNetworks("KNOWN_PROXIES")),
            ReadRateLimits(),
            ReadStorage(),
            ReadAccounts(),
            OidcOptions.Read(_configuration, AddError),
            ObjectStoreOptions.Read(_configuration, ReadBool("OBJECT_STORE_PATH_STYLE", defaultValue: true), AddError),
            new RecordingOptions(ReadInt("RECORDING_SECONDS", 10, 0, RecordingFile.MaxSeconds, "seconds; 0 records nothing")),
            new GalleryOptions(ReadChoice("GALLERY", GalleryModes.Off, GalleryModes.Members, GalleryModes.Public)));
        if (_production && options.Tokens.Secret.Length > 0 && options.Tokens.Secret.AsSpan().SequenceEqual(options.Executors.Secret))
        {
            AddError(
                "JWT_SECRET",
                "is the same as EXECUTOR_SECRET_KEY, so whoever takes over an Executor could sign in as anybody",
                $"another secret: {SecretExample}");
        }

        ReadBool("FORCE_DOCKER_EXECUTION", defaultValue: _production);
        ReadInt(PrometheusEndpoint.Setting, 0, 1, 65_535, "a TCP port; leave it out for none");
        CheckLogLevel();
        return _errors.Count == 0 ? options : throw new ConfigurationException(_errors);
    }

    private RateLimitOptions ReadRateLimits() => new(
        Enabled: ReadBool("RATE_LIMITS", defaultValue: true),
        Runs: ReadInt("RUNS_PER_MINUTE", 30, 1, 1_000, "presses of Run a minute and person"),
        Writes: ReadInt("WRITES_PER_MINUTE", 600, 1, 10_000, "changes a minute and person"),
        SignIns: ReadInt("SIGN_INS_PER_MINUTE", 3, 1, 1_000, "sign-ins a minute and person"),
        Guests: ReadInt("GUESTS_PER_MINUTE", 3, 1, 1_000, "first visits a minute and person"),
        Reads: ReadInt("READS_PER_MINUTE", 1_200, 1, 100_000, "requests a minute and person that change nothing"),
        WriteMegabytes: ReadInt("WRITE_MB_PER_MINUTE", 60, 5, 10_000, "megabytes saved a minute and person"),
        PeoplePerAddress: ReadInt("PEOPLE_PER_ADDRESS", 50, 1, 10_000, "people behind one address"));

    private StorageOptions ReadStorage() => new(
        GuestBytes: ReadInt("GUEST_STORAGE_MB", 50, 1, 1_000_000, "megabytes of a guest's files") * 1_000_000L,
        AccountBytes: ReadInt("ACCOUNT_STORAGE_MB", 500, 1, 1_000_000, "megabytes of an account's files") * 1_000_000L,
        InstallationBytes: ReadInt("STORAGE_LIMIT_GB", 50, 1, 1_000_000, "gigabytes of everybody's files") * 1_000_000_000L);

    private AccountOptions ReadAccounts() => new(
        SignUp: ReadChoice("SIGN_UP", SignUpModes.Open, SignUpModes.Invitation, SignUpModes.Closed),
        Guests: ReadBool("GUEST_ACCOUNTS", defaultValue: true),
        SetupCode: ReadSetupCode());

    /// <summary>Reads the code of the first admin. A machine for development has one; elsewhere it is optional.</summary>
    private string? ReadSetupCode()
    {
        const string Name = "SETUP_CODE";
        string? value = _configuration[Name];
        if (string.IsNullOrWhiteSpace(value))
        {
            return _production ? null : _developmentSecrets.GetOrCreate(Name);
        }

        if (value.Length < MinSetupCode)
        {
            AddError(Name, $"is too short ({value.Length} characters; {MinSetupCode} or more are needed)", SecretExample);
        }
        else if (_production && IsPlaceholder(value))
        {
            AddError(Name, "looks like a default", SecretExample);
        }

        return value.Trim();
    }

    // Service discovery reads the same keys: services:executor:http:0, services:executor-2:http:0, …
    private List<Uri> ReadExecutors()
    {
        List<Uri> found = [.. _configuration.GetSection("services").GetChildren()
            .Select(service => service.Key.ToLowerInvariant())
            .Where(name => name == "executor" || name.StartsWith("executor-", StringComparison.Ordinal))
            .OrderBy(name => name.Length).ThenBy(name => name, StringComparer.Ordinal)
            .Select(name => new Uri($"https+http://{name}"))];
        return found.Count > 0 ? found : [new Uri("https+http://executor")];
    }

    private void CheckDatabase()
    {
        string variable = $"ConnectionStrings__{PostgresExtensions.ConnectionName}";
        if (_configuration.GetConnectionString(PostgresExtensions.ConnectionName) is { } whole && !string.IsNullOrWhiteSpace(whole))
        {
            try
            {
                _ = new NpgsqlConnectionStringBuilder(whole);
            }
            // The parser's message may quote parts of the string, including the password, so it is not passed on.
            catch (Exception error) when (error is ArgumentException or FormatException or KeyNotFoundException)
            {
                AddError(variable, "is not a connection string", "Host=postgres;Database=pixel_gamedev;Username=postgres;Password=…");
            }

            return;
        }

        string? password = _configuration["POSTGRES_PASSWORD"];
        if (string.IsNullOrEmpty(password))
        {
            AddError("POSTGRES_PASSWORD", "is missing", $"{SecretExample}; or give the whole connection string as {variable}");
        }
        else if (_production && password.Length < MinPasswordLength)
        {
            AddError("POSTGRES_PASSWORD", $"is too short ({password.Length} characters; {MinPasswordLength} or more are needed)",
                SecretExample);
        }
        else if (_production && (IsPlaceholder(password) || DefaultPasswords.Contains(password, StringComparer.OrdinalIgnoreCase)))
        {
            AddError("POSTGRES_PASSWORD", "looks like a default", SecretExample);
        }

        ReadInt("POSTGRES_PORT", 5432, 1, 65_535, "a TCP port");
    }

    private byte[] ReadSecret(string name, string? olderName = null)
    {
        string? value = _configuration[name];
        if (string.IsNullOrWhiteSpace(value) && olderName is not null)
        {
            value = _configuration[olderName];
        }

        if (string.IsNullOrWhiteSpace(value))
        {
            if (!_production)
            {
                return Encoding.UTF8.GetBytes(_developmentSecrets.GetOrCreate(name));
            }

            AddError(name, "is missing", SecretExample);
            return [];
        }

        byte[] bytes = Encoding.UTF8.GetBytes(value);
        if (bytes.Length < MinSecretBytes)
        {
            AddError(name, $"is too short ({bytes.Length} bytes; {MinSecretBytes} or more are needed)", SecretExample);
        }
        else if (_production && IsPlaceholder(value))
        {
            AddError(name, "looks like a default", SecretExample);
        }

        return bytes;
    }

    /// <summary>Returns true when the value contains words of a sample, or fewer than 8 different characters ("aaaaaaaa…").</summary>
    private static bool IsPlaceholder(string value) =>
        value.Distinct().Count() < 8 || PlaceholderWords.Any(word => value.Contains(word, StringComparison.OrdinalIgnoreCase));

    private int ReadInt(string name, int fallback, int min, int max, string unit)
    {
        string? value = _configuration[name];
        if (string.IsNullOrWhiteSpace(value))
        {
            return fallback;
        }

        if (int.TryParse(value, NumberStyles.None, CultureInfo.InvariantCulture, out int number) && number >= min && number <= max)
        {
            return number;
        }

        AddError(name, $"must be a whole number from {min} to {max} ({unit}), but is \"{value}\"",
            fallback.ToString(CultureInfo.InvariantCulture));
        return fallback;
    }

    /// <summary>Reads one of several words. The first one is the default.</summary>
    private string ReadChoice(string name, params string[] choices)
    {
        string? value = _configuration[name]?.Trim().ToLowerInvariant();
        if (string.IsNullOrEmpty(value) || choices.Contains(value))
        {
            return string.IsNullOrEmpty(value) ? choices[0] : value;
        }

        AddError(name, $"must be one of {string.Join(", ", choices)}, but is \"{_configuration[name]}\"", choices[0]);
        return choices[0];
    }

    private bool ReadBool(string name, bool defaultValue)
    {
        switch (_configuration[name]?.Trim().ToLowerInvariant())
        {
            case null or "":
                return defaultValue;
            case "true" or "1" or "on" or "yes":
                return true;
            case "false" or "0" or "off" or "no":
                return false;
            case string value:
                AddError(name, $"must be true or false, but is \"{value}\"", "true");
                return defaultValue;
        }
    }

    private List<IPNetwork> ReadNetworks(string name)
    {
        List<IPNetwork> networks = [];
        foreach (string part in (_configuration[name] ?? "").Split([',', ' ', ';'], StringSplitOptions.RemoveEmptyEntries))
        {
            if (IPNetwork.TryParse(part, out IPNetwork network))
            {
                networks.Add(network);
            }
            else if (IPAddress.TryParse(part, out IPAddress? address))
            {
                networks.Add(new IPNetwork(address, address.GetAddressBytes().Length * 8));
            }
            else
            {
                AddError(name, $"holds \"{part}\", which is neither an address nor a network", "172.20.0.0/16, 10.0.0.7");
            }
        }

        return networks;
    }

    private void CheckLogLevel()
    {
        if (!LogLevelSetting.TryParse(_configuration[LogLevelSetting.Variable], out _))
        {
            AddError(LogLevelSetting.Variable,
                $"is \"{_configuration[LogLevelSetting.Variable]}\", which is none of {LogLevelSetting.Allowed}", "info");
        }
    }

    private void AddError(string name, string what, string example) => _errors.Add($"{name} {what}. Right would be: {example}");
}
