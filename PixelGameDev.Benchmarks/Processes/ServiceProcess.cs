using System.Globalization;
using System.Net;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.Benchmarks.Processes;

/// <summary>Runs one of our services as a process. It is healthy when <c>/api/health</c> answers 200.</summary>
internal sealed class ServiceProcess : ISupervised, IDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly string _name;
    private readonly Func<ProcessSpec> _spec;
    private readonly TimeSpan _startLimit;
    private readonly Action<string> _log;
    private readonly HttpClient _health = new() { Timeout = TimeSpan.FromSeconds(3) };
    private ManagedProcess? _process;

    public ServiceProcess(string name, Uri address, Func<ProcessSpec> spec, TimeSpan startLimit, Action<string> log)
    {
        _name = name;
        _spec = spec;
        _startLimit = startLimit;
        _log = log;
        Address = address;
    }

    /// <summary>The address on this machine.</summary>
    public Uri Address { get; }

    /// <summary>The process id; null when it does not run.</summary>
    public int? ProcessId => _process is { HasExited: false } running ? running.Id : null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        _process?.Dispose();
        _process = await ManagedProcess.StartAsync(_spec(), _log);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(_startLimit);
        try
        {
            while (!_process.HasExited)
            {
                if (await IsHealthyAsync(limit.Token))
                {
                    return;
                }

                await Task.Delay(50, limit.Token);
            }
        }
        catch (OperationCanceledException)
        {
            await StopAsync();
            cancellationToken.ThrowIfCancellationRequested();
            throw new HostException(
                $"The {_name} did not get healthy within {_startLimit.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s: "
                + "its lines above say why.");
        }

        throw new HostException($"The {_name} ended while starting ({await EndedAsync(CancellationToken.None)}): its lines above say why.");
    }

    public async Task<string> EndedAsync(CancellationToken cancellationToken) =>
        _process is null
            ? "it was never started"
            : $"exit code {await _process.Exited.WaitAsync(cancellationToken)}";

    public async Task StopAsync()
    {
        if (_process is { HasExited: false } running && !await running.StopAsync(StopLimit))
        {
            _log($"The {_name} did not end within {StopLimit.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s and was killed.");
        }
    }

    /// <summary>Kills it as a crash would, for tests of the consequences.</summary>
    public async Task KillAsync()
    {
        if (_process is not null)
        {
            _process.Kill();
            await _process.Exited;
        }
    }

    public void Dispose()
    {
        _process?.Dispose();
        _health.Dispose();
    }

    private async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await _health.GetAsync(new Uri(Address, "/api/health"), cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false; // this request took too long
        }
    }
}
