using System.Diagnostics;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Play;

namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>Runs one person's Chromium with a profile on disk. The profile survives when the browser closes or is killed.</summary>
internal sealed class BrowserProfile : IAsyncDisposable
{
    private readonly IPlaywright _playwright;
    private readonly string _folder = Directory.CreateTempSubdirectory("pixel-profile-").FullName;
    private readonly string _program;
    private IBrowserContext? _context;

    private BrowserProfile(IPlaywright playwright, string program)
    {
        _playwright = playwright;
        _program = program;
    }

    public IBrowserContext Context => _context ?? throw new InvalidOperationException("The browser is closed.");

    /// <summary>Starts a browser with an empty profile.</summary>
    public static async Task<BrowserProfile> StartAsync(IPlaywright playwright)
    {
        BrowserProfile profile = new(playwright, BenchBrowser.FindHeadless());
        await profile.OpenAsync();
        return profile;
    }

    /// <summary>Starts the browser again after <see cref="CloseAsync"/> or <see cref="Kill"/>.</summary>
    public async Task OpenAsync()
    {
        _context = await _playwright.Chromium.LaunchPersistentContextAsync(_folder, new BrowserTypeLaunchPersistentContextOptions
        {
            ExecutablePath = _program,
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
        _context.SetDefaultTimeout(20_000);
        await _context.AddInitScriptAsync(PageScript.Text);
    }

    /// <summary>Closes the browser as a person does. It writes what it keeps to the profile.</summary>
    public async Task CloseAsync()
    {
        await Context.CloseAsync();
        _context = null;
    }

    /// <summary>Kills the browser's process, as a power loss does.</summary>
    public async Task KillAsync()
    {
        IBrowserContext killed = Context;
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        killed.Close += (_, _) => closed.TrySetResult();
        foreach (int id in BenchBrowser.BrowserProcesses()
            .Where(id => ProcessTimes.CommandOf(id)?.Contains(_folder, StringComparison.Ordinal) == true).ToList())
        {
            using Process process = Process.GetProcessById(id);
            process.Kill(entireProcessTree: true);
        }

        await closed.Task.WaitAsync(TimeSpan.FromSeconds(20));
        _context = null;
        // A process that is gone still locks the profile. Chromium would ask which one to trust.
        File.Delete(Path.Combine(_folder, "SingletonLock"));
    }

    public async ValueTask DisposeAsync()
    {
        if (_context is not null)
        {
            await _context.CloseAsync();
        }

        Directory.Delete(_folder, recursive: true);
    }
}
