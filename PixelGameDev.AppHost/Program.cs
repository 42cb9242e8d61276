using System.Runtime.InteropServices;
using PixelGameDev.AppHost;

#if ASPIRE
if (!args.Contains("--processes"))
{
    return await PixelGameDev.AppHost.Topology.DistributedSystem.RunAsync(args);
}
#endif

if (args.Contains("--help") || args.Contains("-h"))
{
    Console.WriteLine(HostOptions.Usage);
    return 0;
}

ConsoleLog log = new();
using CancellationTokenSource stopping = new();
int interrupts = 0;
void Stop(PosixSignalContext signal)
{
    signal.Cancel = true;
    if (Interlocked.Increment(ref interrupts) == 1)
    {
        log.Line("host", "Stopping …");
        stopping.Cancel();
    }
    else if (signal.Signal == PosixSignal.SIGINT && interrupts > 2)
    {
        Environment.Exit(130); // the kernel ends the children (see ManagedProcess)
    }
}

using PosixSignalRegistration interrupt = PosixSignalRegistration.Create(PosixSignal.SIGINT, Stop);
using PosixSignalRegistration terminate = PosixSignalRegistration.Create(PosixSignal.SIGTERM, Stop);
using PosixSignalRegistration hangUp = PosixSignalRegistration.Create(PosixSignal.SIGHUP, Stop);

try
{
    HostOptions options = HostOptions.Parse(args);
    await Preparation.EnsureAsync(Repository.Find(), log, stopping.Token);
    await using ProcessHost host = new(options, log);
    await host.StartAsync(stopping.Token);
    await Announcement.ShowAsync(host, log, stopping.Token);
    await Task.Delay(Timeout.Infinite, stopping.Token);
    return 0;
}
catch (OperationCanceledException) when (stopping.IsCancellationRequested)
{
    log.Line("host", "Stopped.");
    return 0;
}
catch (HostException error)
{
    Console.Error.WriteLine(error.Message);
    return 1;
}
