using System.Diagnostics;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Peers;

/// <summary>Shows games with PixelGameDev itself: page, Api, Executor, and a Docker sandbox from the warm pool.</summary>
internal sealed class OurWay(RunningSystem system) : Way
{
    private StartedSessions? _sessions;

    public override string Name => "PixelGameDev";

    public override int Port => system.Address.Port;

    public override async Task PrepareAsync(IBrowserContext context, BenchGame game)
    {
        Page = await NewPageAsync(context, "bench.fromWorker");
        _sessions = new StartedSessions(Page);
        await Page.AddInitScriptAsync(GamePage.Spy);
        await GamePage.OpenAsync(Page, system, game.Staged());
    }

    public override Task UntilQuietAsync() => system.UntilQuietAsync();

    public override async Task CheckStartAsync()
    {
        if (!await _sessions!.WasWarmAsync())
        {
            throw new InvalidOperationException("the sandbox was a cold one although the pool had been full");
        }
    }

    public override Task StartAsync() => Page.EvaluateAsync("document.querySelector('[data-testid=run]').click()");

    public override Task FocusAsync() => Page.GetByTestId("game").FocusAsync();

    public override async Task StopAsync()
    {
        await Page.EvaluateAsync("document.querySelector('[data-testid=stop]:enabled')?.click()");
        await Page.Locator("[data-testid=stop]:disabled").WaitForAsync();
        await Page.CloseAsync();
    }

    public override Dictionary<(int Process, string Name), double> Times(int browser) => ProcessTimes.Read(system.ProcessId, browser);

    public override ValueTask DisposeAsync() => ValueTask.CompletedTask;
}
