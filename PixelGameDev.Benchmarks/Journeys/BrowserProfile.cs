using System.Diagnostics;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>One person's Chromium with a profile on disk, which outlives a close and a kill of the browser.</summary>
internal sealed class BrowserProfile : IAsyncDisposable
{
    private readonly IPlaywright playwright;
    private readonly string folder = Directory.CreateTempSubdirectory("pixel-profile-").FullName;
    private readonly string program;
    private IBrowserContext? context;

    private BrowserProfile(IPlaywright playwright, string program)
    {
        this.playwright = playwright;
        this.program = program;
    }

    public IBrowserContext Context => context ?? throw new InvalidOperationException("The browser is closed.");

    /// <summary>Starts a browser with an empty profile.</summary>
    public static async Task<BrowserProfile> StartAsync(IPlaywright playwright)
    {
        BrowserProfile profile = new(playwright, PlayBenchmark.FindChromium());
        await profile.OpenAsync();
        return profile;
    }

    /// <summary>Starts the browser again after <see cref="CloseAsync"/> or <see cref="Kill"/>.</summary>
    public async Task OpenAsync()
    {
        context = await playwright.Chromium.LaunchPersistentContextAsync(folder, new BrowserTypeLaunchPersistentContextOptions
        {
            ExecutablePath = program,
            Headless = true,
            ViewportSize = new ViewportSize { Width = 1366, Height = 768 },
            Locale = "en-GB",
            Args =
            [
                "--no-sandbox", "--disable-gpu", "--disable-background-networking", "--disable-component-update", "--disable-sync",
                "--no-first-run",
                "--autoplay-policy=user-gesture-required", "--hide-crash-restore-bubble",
            ],
        });
        context.SetDefaultTimeout(20_000);
        await context.AddInitScriptAsync(PageScript.Text);
    }

    /// <summary>Closes the browser as a person does; what it keeps is written to the profile.</summary>
    public async Task CloseAsync()
    {
        await Context.CloseAsync();
        context = null;
    }

    /// <summary>Ends the browser's process at once, as an empty battery does.</summary>
    public async Task KillAsync()
    {
        IBrowserContext killed = Context;
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        killed.Close += (_, _) => closed.TrySetResult();
        foreach (int id in PlayBenchmark.BrowserProcesses()
            .Where(id => ProcessTimes.CommandOf(id)?.Contains(folder, StringComparison.Ordinal) == true).ToList())
        {
            using Process process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
        }

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20));
        context = null;
        // The profile is locked by a process that is gone; Chromium would ask which to trust.
        File.Delete(Path.Combine(folder, "SingletonLock"));
    }

    public async ValueTask DisposeAsync()
    {
        if (context is not null)
        {
            await context.CloseAsync();
        }

        Directory.Delete(folder, recursive: true);
    }
}
