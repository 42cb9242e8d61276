using Microsoft.Extensions.Configuration;
using Microsoft.Extensions.FileProviders;
using Microsoft.Extensions.Hosting;
using PixelGameDev.Api.Configuration;
using PixelGameDev.Api.History.Objects;
using PixelGameDev.Tests.Fixtures;

namespace PixelGameDev.Tests.Api;

public sealed class ConfigurationTests
{
    private const string Strong = "q3Zr8Lx0Vt6Nw2Kb9Pd5Hs1Jm7Gc4Fy+Ue";

    private static readonly Dictionary<string, string?> Good = new()
    {
        ["POSTGRES_PASSWORD"] = "tR4!mW9z#Lq2xV",
        ["JWT_SECRET"] = Strong,
        ["EXECUTOR_SECRET_KEY"] = "Lm5Qx9Rb3Tn7Wc1Yp6Kd2Hv8Jf4Gz0Sa+Ei",
    };

    [Fact]
    public void Production_does_not_start_with_one_secret_for_two_things()
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(
            () => Read(Environments.Production, Good, ("EXECUTOR_SECRET_KEY", Strong)));
        string line = Assert.Single(error.Errors);
        Assert.StartsWith("JWT_SECRET is the same as EXECUTOR_SECRET_KEY", line, StringComparison.Ordinal);
        Assert.DoesNotContain(Strong, error.Message, StringComparison.Ordinal);
    }

    [Fact]
    public void Good_settings_are_taken()
    {
        ApiOptions options = Read(Environments.Production, Good, ("MAX_CODE_SIZE", "200000"), ("KNOWN_PROXIES", "172.20.0.0/16 10.0.0.7"));
        Assert.Equal(200_000, options.Projects.MaxCodeBytes);
        Assert.Equal(["172.20.0.0/16", "10.0.0.7/32"], options.Proxies.Known.Select(network => network.ToString()));
    }

    [Fact]
    public void Everything_that_is_wrong_is_in_one_message_and_no_secret_is()
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => Read(
            Environments.Production,
            [],
            ("POSTGRES_PASSWORD", "postgres"),
            ("JWT_SECRET", "tooShort-hush"),
            ("MAX_CODE_SIZE", "lots"),
            ("MAX_SESSION_TIME", "-5"),
            ("FORCE_DOCKER_EXECUTION", "maybe"),
            ("KNOWN_PROXIES", "everyone"),
            ("LOG_LEVEL", "loud")));

        string[] names =
            ["POSTGRES_PASSWORD", "JWT_SECRET", "EXECUTOR_SECRET_KEY", "MAX_CODE_SIZE", "MAX_SESSION_TIME", "FORCE_DOCKER_EXECUTION",
                "KNOWN_PROXIES", "LOG_LEVEL"];
        Assert.Equal(names.Order(), error.Errors.Select(line => line.Split(' ')[0]).Order());
        Assert.All(names, name => Assert.Contains(name, error.Message, StringComparison.Ordinal));
        Assert.All(error.Errors, line => Assert.Contains("Right would be: ", line, StringComparison.Ordinal));
        Assert.DoesNotContain("hush", error.Message, StringComparison.Ordinal);
    }

    [Theory]
    [InlineData("JWT_SECRET", null, "is missing")]
    [InlineData("JWT_SECRET", "0123456789", "is too short")]
    [InlineData("JWT_SECRET", "aaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaaa", "looks like a default")]
    [InlineData("JWT_SECRET", "your-secret-key-change-in-production-please", "looks like a default")]
    [InlineData("EXECUTOR_SECRET_KEY", "dev-secret-key-for-the-executor-1234567", "looks like a default")]
    [InlineData("POSTGRES_PASSWORD", "secret", "is too short")]
    [InlineData("POSTGRES_PASSWORD", "my-password-2026", "looks like a default")]
    public void Weak_secrets_keep_production_from_starting(string name, string? value, string reason)
    {
        ConfigurationException error = Assert.Throws<ConfigurationException>(() => Read(Environments.Production, Good, (name, value)));
        string line = Assert.Single(error.Errors);
        Assert.StartsWith($"{name} {reason}", line, StringComparison.Ordinal);
    }

    [Fact]
    public void An_object_store_needs_a_bucket_a_key_and_an_address_without_a_path()
    {
        (string, string?)[] whole =
        [
            ("OBJECT_STORE_BUCKET", "history"), ("OBJECT_STORE_ACCESS_KEY", "key"), ("OBJECT_STORE_SECRET_KEY", "hush"),
            ("OBJECT_STORE_ENDPOINT", "https://s3.school.example:9000"), ("OBJECT_STORE_PATH_STYLE", "off"),
        ];
        ObjectStoreOptions store = Read(Environments.Production, Good, whole).Objects!;
        Assert.Equal(("history", "us-east-1", false), (store.Bucket, store.Region, store.PathStyle));
        Assert.Null(Read(Environments.Production, Good).Objects);
        foreach ((string name, string? value, string reason) in new[]
        {
            ("OBJECT_STORE_BUCKET", "", "is missing beside OBJECT_STORE_ENDPOINT"),
            ("OBJECT_STORE_ACCESS_KEY", "", "is missing beside OBJECT_STORE_BUCKET"),
            ("OBJECT_STORE_SECRET_KEY", null, "is missing beside OBJECT_STORE_BUCKET"),
            ("OBJECT_STORE_ENDPOINT", "s3.school.example", "is no address without a path"),
            ("OBJECT_STORE_ENDPOINT", "https://s3.school.example/bucket", "is no address without a path"),
            ("OBJECT_STORE_PATH_STYLE", "perhaps", "must be true or false"),
        })
        {
            ConfigurationException error = Assert.Throws<ConfigurationException>(
                () => Read(Environments.Production, Good, [.. whole, (name, value)]));
            Assert.StartsWith($"{name} {reason}", Assert.Single(error.Errors), StringComparison.Ordinal);
            Assert.DoesNotContain("hush", error.Message, StringComparison.Ordinal);
        }
    }

    [Fact]
    public void The_prototypes_name_for_the_executor_secret_still_works()
    {
        ApiOptions options = Read(Environments.Production, Good, ("EXECUTOR_SECRET_KEY", null), ("FLASK_SECRET_KEY", Strong + "x"));
        Assert.Equal(Strong.Length + 1, options.Executors.Secret.Length);
    }

    [Fact]
    public void Development_makes_its_secrets_once_and_keeps_them_private()
    {
        using TestDirectory data = new();
        (string, string?)[] settings = [("POSTGRES_PASSWORD", "x"), ("PIXELGAMEDEV_DATA", data.Sub("mine"))];
        ApiOptions first = Read(Environments.Development, [], settings);
        ApiOptions second = Read(Environments.Development, [], settings);

        Assert.Equal(first.Tokens.Secret, second.Tokens.Secret);
        Assert.NotEqual(first.Tokens.Secret, first.Executors.Secret);
        Assert.True(first.Tokens.Secret.Length >= 32);
        foreach (string file in Directory.GetFiles(data.Sub("mine")))
        {
            Assert.Equal(UnixFileMode.UserRead | UnixFileMode.UserWrite, File.GetUnixFileMode(file));
        }
    }

    private static ApiOptions Read(string environment, Dictionary<string, string?> settings, params (string Name, string? Value)[] changes)
    {
        Dictionary<string, string?> all = new(settings);
        foreach ((string name, string? value) in changes)
        {
            all[name] = value;
        }

        return ApiOptionsReader.Read(new ConfigurationBuilder().AddInMemoryCollection(all).Build(), new HostEnvironment(environment));
    }

    private sealed class HostEnvironment(string name) : IHostEnvironment
    {
        public string EnvironmentName { get; set; } = name;

        public string ApplicationName { get; set; } = "test";

        public string ContentRootPath { get; set; } = "/";

        public IFileProvider ContentRootFileProvider { get; set; } = new NullFileProvider();
    }
}
