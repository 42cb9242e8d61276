using System.Globalization;
using Npgsql;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;
using PixelGameDev.Benchmarks.People;
using PixelGameDev.Benchmarks.Processes;

namespace PixelGameDev.Benchmarks.Installation;

/// <summary>Runs PostgreSQL and a real Api on the filled database. Everything is in a temporary directory.</summary>
internal sealed class InstallationSystem : IAsyncDisposable
{
    private const string Database = "installation";

    private readonly string _directory;
    private readonly StandInExecutor _executor = new();
    private EmbeddedPostgres? _postgres;
    private ProcessHost? _host;

    private InstallationSystem(string directory) => _directory = directory;

    public StatementLog Log { get; } = new();

    public Uri Address => _host!.Api.Address;

    public string ConnectionString => _postgres!.ConnectionString(Database);

    /// <summary>Makes an empty database with the schema.</summary>
    public static async Task<InstallationSystem> StartAsync()
    {
        string directory = Directory.CreateTempSubdirectory("pixel-bench-installation-").FullName;
        File.SetUnixFileMode(directory, (UnixFileMode)0b111_101_101);
        InstallationSystem system = new(directory);
        try
        {
            await system.StartPostgresAsync(durable: false);
            await system._postgres!.CreateDatabaseAsync(Database, CancellationToken.None);
            await system.StartApiAsync();
            return system;
        }
        catch
        {
            await system.DisposeAsync();
            throw;
        }
    }

    /// <summary>Registers somebody, and returns the hash of the password.</summary>
    public async Task<string> HashAsync(string password)
    {
        using GuestClient guest = new(Address);
        await guest.ArriveAsync();
        using HttpResponseMessage answer = await guest.Http.PostAsync(
            "/api/account/sign-up",
            new StringContent($$"""{"name":"Somebody","password":"{{password}}"}""", System.Text.Encoding.UTF8, "application/json"));
        answer.EnsureSuccessStatusCode();
        await using NpgsqlDataSource database = NpgsqlDataSource.Create(ConnectionString);
        await using NpgsqlCommand command = database.CreateCommand("select password_hash from accounts where name = 'Somebody'");
        return (string)(await command.ExecuteScalarAsync())!;
    }

    /// <summary>Starts everything again on the filled database, now with durable writes. The database logs its statements.</summary>
    public async Task RestartAsync()
    {
        await StopAsync();
        await StartPostgresAsync(durable: true);
        await using (NpgsqlDataSource database = NpgsqlDataSource.Create(ConnectionString))
        {
            foreach (string setting in new[]
            {
                "alter system set log_line_prefix = '%n '",
                "alter system set log_parameter_max_length = 0",
                $"alter database {Database} set log_min_duration_statement = 0",
                $"alter database {Database} set session_preload_libraries = 'auto_explain'",
                $"alter database {Database} set auto_explain.log_min_duration = '20ms'",
                $"alter database {Database} set auto_explain.log_analyze = on",
                // The time of each node would make each statement slower.
                $"alter database {Database} set auto_explain.log_timing = off",
                $"alter database {Database} set auto_explain.log_buffers = on",
                $"alter database {Database} set auto_explain.log_triggers = on",
                "select pg_reload_conf()",
            })
            {
                await using NpgsqlCommand command = database.CreateCommand(setting);
                await command.ExecuteNonQueryAsync();
            }
        }

        await StartApiAsync();
    }

    /// <summary>Runs the Api's program for one task beside the running Api.</summary>
    public async Task<string> OperateAsync(params string[] arguments)
    {
        Repository repository = Repository.Find();
        (int code, string output) = await Tool.RunAsync(
            [Tool.Dotnet, repository.Assembly("PixelGameDev.Api"), .. arguments], CancellationToken.None,
            repository.Project("PixelGameDev.Api"),
            environment: new Dictionary<string, string>
            {
                ["ASPNETCORE_ENVIRONMENT"] = "Development",
                ["ConnectionStrings__pixel-gamedev"] = ConnectionString,
                ["JWT_SECRET"] = _host!.Secret("JWT_SECRET"),
                ["EXECUTOR_SECRET_KEY"] = _host.Secret("EXECUTOR_SECRET_KEY"),
                ["services__executor__http__0"] = _executor.Address.GetLeftPart(UriPartial.Authority),
            });
        return code == 0 ? output.Trim().Split('\n')[^1] : throw new InvalidOperationException(output);
    }

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _executor.Dispose();
        Directory.Delete(_directory, recursive: true);
    }

    /// <summary>Stops the Api, whose work in the background would add rows while others are filled in.</summary>
    public async Task StopApiAsync()
    {
        if (_host is not null)
        {
            await _host.DisposeAsync();
            _host = null;
        }
    }

    private async Task StopAsync()
    {
        await StopApiAsync();
        if (_postgres is not null)
        {
            await _postgres.DisposeAsync();
            _postgres = null;
        }
    }

    private async Task StartPostgresAsync(bool durable) => _postgres = await EmbeddedPostgres.StartAsync(
        new EmbeddedPostgresOptions
        {
            Cluster = Path.Combine(_directory, "postgres"),
            ProgramCache = UserData.Programs(),
            Password = "of no worth here",
            Durable = durable,
            Log = Log.Line,
        },
        CancellationToken.None);

    private async Task StartApiAsync()
    {
        _host = new ProcessHost(
            new ProcessHostOptions
            {
                DataDirectory = Path.Combine(_directory, "data"),
                ConnectionString = ConnectionString,
                StartLimit = TimeSpan.FromMinutes(10),
                ApiEnvironment = new Dictionary<string, string?>
                {
                    ["RATE_LIMITS"] = "off",
                    ["STORAGE_LIMIT_GB"] = "1000",
                    ["services__executor__http__0"] = _executor.Address.GetLeftPart(UriPartial.Authority),
                },
            },
            new Errors());
        await _host.StartApiAsync(CancellationToken.None);
    }

    private sealed class Errors : ProcessLog
    {
        public override void Line(string source, string text)
        {
            if (text.Contains("fail:", StringComparison.Ordinal) || text.Contains("crit:", StringComparison.Ordinal))
            {
                Console.WriteLine(string.Create(CultureInfo.InvariantCulture, $"  {source} | {text}"));
            }
        }
    }
}
