using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Soak;

/// <summary>
/// Kills and stalls parts of the system at random times. In the first third it kills every part. After that it kills only sandboxes and
/// stalls services, so that each service lives long enough for its memory to be judged.
/// </summary>
internal sealed class SoakFaults(RunningSystem system, SoakLedger ledger, TimeSpan length, int seed)
{
    private const int SigStop = 19;
    private const int SigContinue = 18;

    private readonly Random _random = new(seed);

    public async Task LiveAsync(CancellationToken stop)
    {
        long start = Environment.TickCount64;
        try
        {
            while (true)
            {
                await Task.Delay(_random.Next(6_000, 14_000), stop);
                bool every = Environment.TickCount64 - start < length.TotalMilliseconds / 3;
                switch (_random.Next(every ? 12 : 7))
                {
                    case < 4:
                        KillSandbox();
                        break;
                    case 4:
                        await StallAsync(system.ApiProcess());
                        break;
                    case 5:
                        await StallAsync(system.ExecutorProcess());
                        break;
                    case 6:
                        await StallAsync(system.DatabaseProcess());
                        break;
                    case 7 or 8:
                        Kill("Api", system.ApiProcess());
                        break;
                    case 9 or 10:
                        Kill("Executor", system.ExecutorProcess());
                        break;
                    case 11:
                        Kill("Postgres", system.DatabaseProcess());
                        break;
                }
            }
        }
        catch (OperationCanceledException)
        {
            // The time is over.
        }
    }

    private void Kill(string part, int? process)
    {
        if (process is { } id && RunningSystem.Signal(id, 9) == 0)
        {
            ledger.Killed(part);
        }
    }

    /// <summary>Kills any sandbox: one that plays, or one that waits and must not be given to a session when dead.</summary>
    private void KillSandbox()
    {
        if (system.Identity() is { } identity && Docker.Sandboxes(identity) is { Length: > 0 } sandboxes)
        {
            ledger.Killed("sandbox");
            Docker.Run("kill", sandboxes[_random.Next(sandboxes.Length)]);
        }
    }

    private async Task StallAsync(int? process)
    {
        if (process is { } id && RunningSystem.Signal(id, SigStop) == 0)
        {
            ledger.Stall();
            await Task.Delay(_random.Next(300, 2000), CancellationToken.None);
            _ = RunningSystem.Signal(id, SigContinue);
        }
    }
}
