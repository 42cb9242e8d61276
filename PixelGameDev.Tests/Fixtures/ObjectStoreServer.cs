using System.Diagnostics;
using System.Globalization;
using System.Security.Cryptography;
using System.Text.RegularExpressions;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.Tests.Fixtures;

/// <summary>
/// Runs an S3-compatible store (the npm package <c>s3rver</c>, pinned in <c>ObjectStore/package.json</c>) with one bucket. It checks
/// signatures. A test can stop it and start it again at the same port with the same objects.
/// </summary>
internal sealed partial class ObjectStoreServer : IAsyncDisposable
{
    public const string Bucket = "history";

    // The only key that s3rver knows.
    private const string Key = "S3RVER";

    private static readonly SemaphoreSlim Turn = new(1);

    private readonly TestDirectory _directory = new();
    private readonly string _program;
    private Process? _process;

    private ObjectStoreServer(string program) => _program = program;

    /// <summary>Returns the port; 0 before the first start.</summary>
    public int Port { get; private set; }

    /// <summary>Returns the settings of an Api that uses this store.</summary>
    public string[] Settings => SettingsFor(Port);

    /// <summary>Returns the settings of an Api that reaches this store through a relay.</summary>
    public static string[] SettingsFor(int port) =>
    [
        string.Create(CultureInfo.InvariantCulture, $"--OBJECT_STORE_ENDPOINT=http://127.0.0.1:{port}"),
        $"--OBJECT_STORE_BUCKET={Bucket}", $"--OBJECT_STORE_ACCESS_KEY={Key}", $"--OBJECT_STORE_SECRET_KEY={Key}",
    ];

    public static async Task<ObjectStoreServer> StartAsync()
    {
        await Turn.WaitAsync();
        ObjectStoreServer server;
        try
        {
            server = new ObjectStoreServer(await InstallAsync());
        }
        finally
        {
            Turn.Release();
        }

        await server.ResumeAsync();
        return server;
    }

    /// <summary>Starts the store again after <see cref="StopAsync"/>.</summary>
    public async Task ResumeAsync()
    {
        ProcessStartInfo start = new("node", [
            _program, "--directory", _directory.Sub("objects"), "--address", "127.0.0.1",
            "--port", Port.ToString(CultureInfo.InvariantCulture), "--configure-bucket", Bucket, "--no-vhost-buckets",
        ])
        {
            RedirectStandardOutput = true,
            RedirectStandardError = true,
        };
        Directory.CreateDirectory(_directory.Sub("objects"));
        TaskCompletionSource<int> listening = new(TaskCreationOptions.RunContinuationsAsynchronously);
        List<string> output = [];
        _process = new Process { StartInfo = start, EnableRaisingEvents = true };
        _process.OutputDataReceived += OnLine;
        _process.ErrorDataReceived += OnLine;
        _process.Exited += (_, _) => listening.TrySetException(new InvalidOperationException("s3rver has ended:\n" + Output()));
        _process.Start();
        _process.BeginOutputReadLine();
        _process.BeginErrorReadLine();
        Port = await listening.Task.WaitAsync(Eventually.Limit);

        void OnLine(object sender, DataReceivedEventArgs line)
        {
            lock (output)
            {
                output.Add(line.Data ?? "");
            }

            // Sample: "S3rver listening on 127.0.0.1:41873"
            if (Listening().Match(line.Data ?? "") is { Success: true } match)
            {
                listening.TrySetResult(int.Parse(match.Groups[1].Value, CultureInfo.InvariantCulture));
            }
        }

        string Output()
        {
            lock (output)
            {
                return string.Join('\n', output);
            }
        }
    }

    /// <summary>Kills the store. Its objects stay.</summary>
    public async Task StopAsync()
    {
        if (_process is { } process)
        {
            _process = null;
            process.Kill(entireProcessTree: true);
            await process.WaitForExitAsync();
            process.Dispose();
        }
    }

    /// <summary>Returns the keys of the objects that the store has.</summary>
    public string[] Keys() =>
        // Sample: objects/history/blobs/<hash>/<random>._S3rver_object
        [.. Directory.EnumerateFiles(_directory.Sub("objects"), "*._S3rver_object", SearchOption.AllDirectories)
            .Select(file => Path.GetRelativePath(Path.Combine(_directory.Sub("objects"), Bucket), file)
                .Replace("._S3rver_object", "", StringComparison.Ordinal))];

    public async ValueTask DisposeAsync()
    {
        await StopAsync();
        _directory.Dispose();
    }

    /// <summary>Installs the package into the cache that all test runs share, and returns the program.</summary>
    private static async Task<string> InstallAsync()
    {
        string source = Path.Combine(Repository.Find().Root, "PixelGameDev.Tests", "ObjectStore");
        byte[] locked = await File.ReadAllBytesAsync(Path.Combine(source, "package-lock.json"));
        string version = Convert.ToHexStringLower(SHA256.HashData(locked))[..12];
        string directory = Path.Combine(UserData.Programs(), $"object-store-{version}");
        string program = Path.Combine(directory, "node_modules", "s3rver", "bin", "s3rver.js");
        if (File.Exists(program))
        {
            return program;
        }

        string unfinished = $"{directory}.{Guid.NewGuid():N}";
        Directory.CreateDirectory(unfinished);
        foreach (string file in Directory.GetFiles(source))
        {
            File.Copy(file, Path.Combine(unfinished, Path.GetFileName(file)));
        }

        (int code, string output) = await Tool.RunAsync(
            ["npm", "ci", "--no-audit", "--no-fund", "--omit=dev"], CancellationToken.None, unfinished);
        Assert.True(code == 0, output);
        // Renamed when it is complete, so that an interrupted installation is not used.
        try
        {
            Directory.Move(unfinished, directory);
        }
        catch (IOException) when (File.Exists(program))
        {
            // Another test run was faster.
            Directory.Delete(unfinished, recursive: true);
        }

        return program;
    }

    [GeneratedRegex(@"listening on [^ ]*:(\d+)")]
    private static partial Regex Listening();
}
