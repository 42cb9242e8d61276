using System.Globalization;
using System.Net;
using PixelGameDev.AppHost;
using PixelGameDev.AppHost.Machine;

namespace PixelGameDev.Benchmarks.Processes;

/// <summary>One of our own services as a process, healthy when <c>/api/health</c> answers 200.</summary>
internal sealed class ServiceProcess : ISupervised, IDisposable
{
    private static readonly TimeSpan StopLimit = TimeSpan.FromSeconds(30);

    private readonly string name;
    private readonly Func<ProcessSpec> spec;
    private readonly TimeSpan startLimit;
    private readonly Action<string> log;
    private readonly HttpClient health = new() { Timeout = TimeSpan.FromSeconds(3) };
    private ManagedProcess? process;

    public ServiceProcess(string name, Uri address, Func<ProcessSpec> spec, TimeSpan startLimit, Action<string> log)
    {
        this.name = name;
        this.spec = spec;
        this.startLimit = startLimit;
        this.log = log;
        Address = address;
    }

    /// <summary>Where it is reached from this machine.</summary>
    public Uri Address { get; }

    /// <summary>Process id, null when it is not running.</summary>
    public int? ProcessId => process is { HasExited: false } running ? running.Id : null;

    public async Task StartAsync(CancellationToken cancellationToken)
    {
        process?.Dispose();
        process = await ManagedProcess.StartAsync(spec(), log);
        using CancellationTokenSource limit = CancellationTokenSource.CreateLinkedTokenSource(cancellationToken);
        limit.CancelAfter(startLimit);
        try
        {
            while (!process.HasExited)
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
                $"The {name} did not get healthy within {startLimit.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s: "
                + "its lines above say why.");
        }

        throw new HostException($"The {name} ended while starting ({await EndedAsync(CancellationToken.None)}): its lines above say why.");
    }

    public async Task<string> EndedAsync(CancellationToken cancellationToken) =>
        process is null
            ? "it was never started"
            : $"exit code {await process.Exited.WaitAsync(cancellationToken)}";

    public async Task StopAsync()
    {
        if (process is { HasExited: false } running && !await running.StopAsync(StopLimit))
        {
            log($"The {name} did not end within {StopLimit.TotalSeconds.ToString("0", CultureInfo.InvariantCulture)} s and was killed.");
        }
    }

    /// <summary>Ends it as a crash would: for tests of what follows.</summary>
    public async Task KillAsync()
    {
        if (process is not null)
        {
            process.Kill();
            await process.Exited;
        }
    }

    public void Dispose()
    {
        process?.Dispose();
        health.Dispose();
    }

    private async Task<bool> IsHealthyAsync(CancellationToken cancellationToken)
    {
        try
        {
            using HttpResponseMessage answer = await health.GetAsync(new Uri(Address, "/api/health"), cancellationToken);
            return answer.StatusCode == HttpStatusCode.OK;
        }
        catch (HttpRequestException)
        {
            return false;
        }
        catch (OperationCanceledException) when (!cancellationToken.IsCancellationRequested)
        {
            return false; // this one question took too long
        }
    }
}
