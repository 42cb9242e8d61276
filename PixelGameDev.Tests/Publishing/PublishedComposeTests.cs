using System.Text.RegularExpressions;
using PixelGameDev.AppHost;
using PixelGameDev.Executor.Sandboxes;

namespace PixelGameDev.Tests.Publishing;

/// <summary>Tests the committed Compose files against what operators are promised.</summary>
public sealed partial class PublishedComposeTests
{
    private static readonly string Directory = Path.Combine(Repository.Find().Root, "deploy/compose");
    private static readonly YamlPlace Topology = YamlPlace.Load(Path.Combine(Directory, "docker-compose.yml"));
    private static readonly YamlPlace Production = YamlPlace.Load(Path.Combine(Directory, "docker-compose.production.yml"));

    private static readonly YamlPlace Tls = YamlPlace.Load(Path.Combine(Directory, "docker-compose.tls.yml"));

    public static TheoryData<string> Services => ["postgres", "api", "executor"];

    /// <summary>Lists the required services and the optional ones.</summary>
    public static TheoryData<string> AllServices => ["postgres", "api", "executor", "caddy"];

    [Fact]
    public void There_are_three_services_and_production_knows_the_same_ones()
    {
        Assert.Equal(["api", "executor", "postgres"], Topology["services"].Children.Keys.Order());
        Assert.Equal(["api", "executor", "postgres"], Production["services"].Children.Keys.Order());
    }

    [Theory]
    [MemberData(nameof(AllServices))]
    public void Every_service_is_hardened(string name)
    {
        YamlPlace service = Described(name);
        Assert.Equal(name == "postgres" ? "999:999" : "1000:1000", service["user"].Text);
        Assert.Equal("true", service["read_only"].Text);
        Assert.Equal(["ALL"], service["cap_drop"].Texts);
        Assert.Equal(["no-new-privileges:true"], service["security_opt"].Texts);
        Assert.Contains(service["tmpfs"].Texts, mount => mount.StartsWith("/tmp:", StringComparison.Ordinal)
            && mount.Contains("size=", StringComparison.Ordinal));
        foreach (string freedom in new[] { "privileged", "cap_add", "devices", "pid", "ipc", "network_mode", "extra_hosts",
            "container_name" })
        {
            Assert.False(service[freedom].Exists, $"{service[freedom]}");
        }
    }

    [Theory]
    [MemberData(nameof(AllServices))]
    public void Every_service_is_probed_every_30_seconds_without_a_shell(string name)
    {
        YamlPlace health = Described(name)["healthcheck"];
        Assert.Equal("CMD", health["test"].Texts[0]);
        Assert.DoesNotContain(health["test"].Texts, word => word.Contains("curl", StringComparison.Ordinal)
            || word.Contains("sh", StringComparison.Ordinal));
        Assert.Equal("${HEALTH_INTERVAL:-30s}", health["interval"].Text);
        Assert.Equal("5s", health["timeout"].Text);
        Assert.Equal("3", health["retries"].Text);
        Assert.Equal("30s", health["start_period"].Text);
    }

    [Fact]
    public void Services_start_in_order_each_when_the_one_before_is_healthy()
    {
        Assert.False(Topology["services"]["postgres"]["depends_on"].Exists);
        Assert.Equal(["postgres"], Topology["services"]["api"]["depends_on"].Children.Keys);
        Assert.Equal("service_healthy", Topology["services"]["api"]["depends_on"]["postgres"]["condition"].Text);
        Assert.Equal(["api"], Topology["services"]["executor"]["depends_on"].Children.Keys);
        Assert.Equal("service_healthy", Topology["services"]["executor"]["depends_on"]["api"]["condition"].Text);
    }

    [Fact]
    public void The_network_is_internal_and_only_the_api_has_a_way_out_of_it()
    {
        YamlPlace network = Topology["networks"]["pixel-network"];
        Assert.Equal("true", network["internal"].Text);
        // Docker chooses a free range. A fixed one collides with other projects and with VPNs.
        Assert.False(network["ipam"].Exists);
        Assert.Equal(["pixel-network"], Topology["services"]["postgres"]["networks"].Texts);
        Assert.Equal(["pixel-network"], Topology["services"]["executor"]["networks"].Texts);
        Assert.Equal(["pixel-network", "pixel-edge"], Topology["services"]["api"]["networks"].Texts);
        Assert.Equal(["${API_BIND:-127.0.0.1}:${API_PORT:-5000}:5000"], Topology["services"]["api"]["ports"].Texts);
        Assert.False(Topology["services"]["postgres"]["ports"].Exists);
        Assert.False(Topology["services"]["executor"]["ports"].Exists);
    }

    [Fact]
    public void Caddy_reaches_the_Api_and_nothing_else_of_the_system_and_the_Api_believes_its_address_alone()
    {
        Assert.Equal(["api", "caddy"], Tls["services"].Children.Keys.Order());
        YamlPlace caddy = Tls["services"]["caddy"];
        Assert.Equal(["pixel-tls"], caddy["networks"].Children.Keys);
        Assert.Equal("service_healthy", caddy["depends_on"]["api"]["condition"].Text);
        string address = caddy["networks"]["pixel-tls"]["ipv4_address"].Text!;
        YamlPlace api = Tls["services"]["api"];
        Assert.StartsWith(address + " ", api["environment"]["KNOWN_PROXIES"].Text, StringComparison.Ordinal);
        // Only this service gets the address. The Api has no fixed one, so "docker compose run api" works next to the running Api.
        Assert.Equal("${TLS_NETWORK:-10.213.87}.3", address);
        Assert.Equal("${TLS_NETWORK:-10.213.87}.8/29", Tls["networks"]["pixel-tls"]["ipam"]["config"].Items.Single()["ip_range"].Text);
        Assert.Equal(["pixel-tls"], api["networks"].Texts);
        Assert.All(caddy["volumes"].Items.Where(static volume => volume["type"].Text == "bind"), static volume =>
            Assert.Equal("true", volume["read_only"].Text));
        // The file that the service mounts exists.
        Assert.True(File.Exists(Path.Combine(Directory, "Caddyfile")));
        Assert.True(File.Exists(Path.Combine(Directory, caddy["build"]["context"].Text!, caddy["build"]["dockerfile"].Text!)));
    }

    [Fact]
    public void Only_the_executor_sees_the_docker_socket_and_nothing_else_of_the_host_is_mounted()
    {
        Assert.Empty(Topology["services"]["api"]["volumes"].Items);
        Assert.All(Topology["services"]["postgres"]["volumes"].Items, volume => Assert.Equal("volume", volume["type"].Text));
        YamlPlace bind = Assert.Single(Topology["services"]["executor"]["volumes"].Items, volume => volume["type"].Text == "bind");
        Assert.Equal("/var/run/docker.sock", bind["target"].Text);
    }

    [Fact]
    public void The_executor_sees_its_link_directories_where_the_daemon_does()
    {
        YamlPlace executor = Topology["services"]["executor"];
        YamlPlace volume = Assert.Single(executor["volumes"].Items, volume => volume["type"].Text == "volume");
        Assert.Equal(executor["environment"]["SANDBOX_LINK_DIRECTORY"].Text, volume["target"].Text);
        Assert.Equal("${DOCKER_DATA_ROOT:-/var/lib/docker}/volumes/${SESSIONS_VOLUME:-pixel-sessions}/_data", volume["target"].Text);
        Assert.Equal("${SESSIONS_VOLUME:-pixel-sessions}", Topology["volumes"][volume["source"].Text!]["name"].Text);
        Assert.Equal("tmpfs", Topology["volumes"][volume["source"].Text!]["driver_opts"]["type"].Text);
    }

    [Fact]
    public void Two_installations_on_one_server_do_not_remove_each_other_s_sandboxes() =>
        Assert.Equal("executor-${SESSIONS_VOLUME:-pixel-sessions}", Topology["services"]["executor"]["environment"]["EXECUTOR_ID"].Text);

    [Fact]
    public void Data_of_postgres_is_on_a_named_volume()
    {
        YamlPlace volume = Assert.Single(Topology["services"]["postgres"]["volumes"].Items);
        Assert.Equal("/var/lib/postgresql/data", volume["target"].Text);
        Assert.True(Topology["volumes"][volume["source"].Text!].Exists);
    }

    [Fact]
    public void Sandboxes_are_docker_containers_or_nothing() =>
        Assert.Equal("true", Topology["services"]["executor"]["environment"]["FORCE_DOCKER_EXECUTION"].Text);

    [Fact]
    public void Limits_can_be_set_and_have_the_contract_s_defaults()
    {
        Assert.All(
            new[]
            {
                ("MAX_CONCURRENT_SESSIONS", "5"), ("MAX_SESSION_TIME", "300"), ("MAX_CODE_SIZE", "1000000"),
                ("MAX_SESSIONS_PER_OWNER", "2"),
                ("SESSION_IDLE_TIME", "60"), ("MAX_WATCHERS", "100"),
                ("SANDBOX_MEMORY", "256m"), ("SANDBOX_CPUS", "1"), ("SANDBOX_PIDS", "64"), ("SANDBOX_RUNTIME", ""), ("SANDBOX_WARM", "2"),
            },
            limit => Assert.Equal($"${{{limit.Item1}:-{limit.Item2}}}", Topology["services"]["executor"]["environment"][limit.Item1].Text));
        Assert.All(
            new[]
            {
                // The Api tells the page the limits that the Executor enforces.
                ("MAX_SESSION_TIME", "300"), ("MAX_CODE_SIZE", "1000000"), ("METRICS_PORT", ""),
                ("RUNS_PER_MINUTE", "30"), ("WRITES_PER_MINUTE", "600"), ("SIGN_INS_PER_MINUTE", "3"), ("GUESTS_PER_MINUTE", "3"),
                ("PEOPLE_PER_ADDRESS", "50"),
                ("READS_PER_MINUTE", "1200"), ("WRITE_MB_PER_MINUTE", "60"), ("GUEST_STORAGE_MB", "50"), ("ACCOUNT_STORAGE_MB", "500"),
                ("STORAGE_LIMIT_GB", "50"), ("RECORDING_SECONDS", "10"), ("GALLERY", "off"), ("ALLOWED_HOSTS", ""),
                ("SIGN_UP", "open"), ("GUEST_ACCOUNTS", "on"), ("SETUP_CODE", ""),
                ("OIDC_AUTHORITY", ""), ("OIDC_CLIENT_ID", ""), ("OIDC_CLIENT_SECRET", ""), ("OIDC_NAME", ""),
                ("OBJECT_STORE_ENDPOINT", ""), ("OBJECT_STORE_BUCKET", ""), ("OBJECT_STORE_REGION", "us-east-1"),
                ("OBJECT_STORE_PATH_STYLE", "on"),
            },
            limit => Assert.Equal($"${{{limit.Item1}:-{limit.Item2}}}", Topology["services"]["api"]["environment"][limit.Item1].Text));
    }

    [Fact]
    public void No_secret_is_in_clear_text_and_each_asks_for_itself()
    {
        int secrets = 0;
        foreach ((string service, YamlPlace place) in Topology["services"].Children)
        {
            foreach ((string variable, YamlPlace value) in place["environment"].Children)
            {
                // The secrets of a provider and of an object store are only for hosts that have one.
                if (service == "api" && variable is "OIDC_CLIENT_SECRET" or "OBJECT_STORE_ACCESS_KEY" or "OBJECT_STORE_SECRET_KEY")
                {
                    Assert.Equal($"${{{variable}:-}}", value.Text);
                }
                else if (SecretName().IsMatch(variable))
                {
                    Assert.StartsWith($"${{{variable}:?", value.Text, StringComparison.Ordinal);
                    secrets++;
                }
            }

            Assert.False(service != "postgres" && place["environment"]["JWT_SECRET"].Exists
                && service != "api", "Only the Api signs people's tokens.");
        }

        Assert.Equal(5, secrets); // the database's password and the Executor's key twice each, the key of tokens once
        Assert.False(Topology["services"]["executor"]["environment"]["POSTGRES_PASSWORD"].Exists);
    }

    [Fact]
    public void Images_are_pinned_and_can_be_replaced()
    {
        Assert.Matches(@"^\$\{POSTGRES_IMAGE:-postgres:(1[6-9]|[2-9]\d)\.\d+\}$", Topology["services"]["postgres"]["image"].Text!);
        Assert.Matches(@"^\$\{API_IMAGE:-pixelgamedev/api:\d+\.\d+\.\d+\}$", Topology["services"]["api"]["image"].Text!);
        Assert.Matches(@"^\$\{EXECUTOR_IMAGE:-pixelgamedev/executor:\d+\.\d+\.\d+\}$", Topology["services"]["executor"]["image"].Text!);
    }

    [Theory]
    [MemberData(nameof(AllServices))]
    public void Production_restarts_limits_and_rotates(string name)
    {
        YamlPlace service = name == "caddy" ? Described(name) : Production["services"][name];
        Assert.Equal("unless-stopped", service["restart"].Text);
        Assert.Matches(@"^\d+[mg]$", service["mem_limit"].Text!);
        Assert.True(int.Parse(service["cpus"].Text!, System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.True(int.Parse(service["pids_limit"].Text!, System.Globalization.CultureInfo.InvariantCulture) > 0);
        Assert.True(int.Parse(service["cpu_shares"].Text!, System.Globalization.CultureInfo.InvariantCulture) > new SandboxPolicy()
            .FullWeight, "a service must go before games");
        Assert.Equal("json-file", service["logging"]["driver"].Text);
        Assert.True(service["logging"]["options"]["max-size"].Exists && service["logging"]["options"]["max-file"].Exists);
    }

    [Fact]
    public void The_sample_of_env_asks_for_every_variable_without_a_default_and_names_every_other()
    {
        string[] lines = File.ReadAllLines(Path.Combine(Directory, ".env.example"));
        // Somebody who starts the stack with this file gets the limits too.
        Assert.Contains("COMPOSE_FILE=docker-compose.yml:docker-compose.production.yml", lines);
        string all = File.ReadAllText(Path.Combine(Directory, "docker-compose.yml"));
        string[] choice = [.. Variable().Matches(File.ReadAllText(Path.Combine(Directory, "docker-compose.tls.yml")))
            .Select(match => match.Groups[1].Value).Distinct()];
        string[] required = [.. Required().Matches(all).Select(match => match.Groups[1].Value).Distinct().Order()];
        string[] optional = [.. Optional().Matches(all).Select(match => match.Groups[1].Value).Distinct()
            .Where(name => name != "HEALTH_INTERVAL").Order()];
        Assert.Equal(required, lines.Where(line => line.EndsWith('=') && !line.StartsWith('#')).Select(line => line.TrimEnd('=')).Order());
        Assert.Empty(optional.Except(lines.Where(line => line.StartsWith('#') && line.Contains('=', StringComparison.Ordinal))
            .Select(line => line[1..line.IndexOf('=', StringComparison.Ordinal)])));
        Assert.All(choice.Where(name => name != "HEALTH_INTERVAL"), name =>
            Assert.Contains(lines, line => line.StartsWith($"#{name}=", StringComparison.Ordinal)));
    }

    private static YamlPlace Described(string service) => (service == "caddy" ? Tls : Topology)["services"][service];

    [GeneratedRegex(@"\$\{([A-Z_]+)[:}]")]
    private static partial Regex Variable();

    [GeneratedRegex("SECRET|PASSWORD|_KEY$")]
    private static partial Regex SecretName();

    [GeneratedRegex(@"\$\{([A-Z_]+):\?")]
    private static partial Regex Required();

    [GeneratedRegex(@"\$\{([A-Z_]+):-")]
    private static partial Regex Optional();
}
