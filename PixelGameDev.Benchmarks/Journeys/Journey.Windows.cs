using System.Diagnostics;
using Microsoft.Playwright;

namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>Makes the steps with windows and the network, and kills processes.</summary>
internal sealed partial class Journey
{
    /// <summary>Holds the last file in which each window chose between two texts. The "Undo" of that choice names no file.</summary>
    private readonly Dictionary<int, string> _conflicts = [];

    private async Task OpenSecondWindowAsync()
    {
        PageLook look = await Window.LookAsync();
        if (_windows.Count > 1 || Disturbed || look.Project is null)
        {
            return;
        }

        await OpenWindowAsync($"projects/{look.Project}");
        await Window.UntilAsync(now => now.Ready, TimeSpan.FromSeconds(10));
    }

    private async Task CloseWindowAsync()
    {
        if (_windows.Count < 2)
        {
            return;
        }

        PageWindow window = Window;
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        window.Page.Close += (_, _) => closed.TrySetResult();
        await window.Page.CloseAsync(new PageCloseOptions { RunBeforeUnload = true });
        await closed.Task.WaitAsync(PageWindow.Timeout);
        _windows.Remove(window);
        _active = 0;
        _behind = true;
    }

    private Task GoToOtherWindowAsync()
    {
        _active = (_active + 1) % _windows.Count;
        _note = $"window {Window.Number}";
        return Task.CompletedTask;
    }

    /// <summary>Chooses between this window's text and the other one. The rejected text may be lost.</summary>
    private async Task AnswerConflictAsync(int manner)
    {
        PageLook look = await Window.LookAsync();
        if (look.Conflict is null || look.Project is null)
        {
            return;
        }

        string path = look.Conflict.Split(" was ")[0];
        bool keepMine = manner / 2 % 2 == 0;
        HashSet<string> theirs = TextModel.In(await _server.ReadFileAsync(look.Project, path));
        HashSet<string> mine = look.File == path ? TextModel.In(look.Text) : [];
        _conflicts[Window.Number] = path;
        foreach (Token token in _model.LiveIn(look.Project, path).ToList())
        {
            if (keepMine ? theirs.Contains(token.Text) && !mine.Contains(token.Text) : !theirs.Contains(token.Text))
            {
                token.Free($"the other text of {path} was chosen");
            }
        }

        _note = $"{path}: {(keepMine ? "mine" : "theirs")}";
        await Window.ClickAsync($"[data-testid={(keepMine ? "keep-mine" : "take-theirs")}]");
        await Window.UntilAsync(now => now.Conflict is null, TimeSpan.FromSeconds(1));
    }

    private async Task GoOfflineAsync()
    {
        _offline = true;
        await _profile.Context.SetOfflineAsync(true);
    }

    private Task CutCableAsync()
    {
        _cut = true;
        _cable.Cut();
        return Task.CompletedTask;
    }

    private async Task ReconnectAsync()
    {
        _cable.Mend();
        _cut = false;
        if (_offline)
        {
            _offline = false;
            await _profile.Context.SetOfflineAsync(false);
        }
    }

    private async Task ReloadAsync()
    {
        bool wasDisturbed = Disturbed;
        await ReloadOnceAsync();
        if (wasDisturbed)
        {
            // The browser shows its own error page when nothing answers. The person tries again later.
            await ReconnectAsync();
            await ReloadOnceAsync();
        }

        await UntilOpenAsync();
    }

    private async Task ReloadOnceAsync()
    {
        try
        {
            await Window.Page.ReloadAsync(new PageReloadOptions { WaitUntil = WaitUntilState.Commit });
        }
        catch (PlaywrightException)
        {
            // The browser is offline.
        }
    }

    private async Task BackAsync() => await WalkAsync("back");

    private async Task ForwardAsync() => await WalkAsync("forward");

    private async Task WalkAsync(string direction)
    {
        if (Disturbed)
        {
            return;
        }

        await Window.AskAsync($"() => {{ history.{direction}(); return true; }}");
        if (await Window.UntilAsync(look => look.Ready || look.Failed, TimeSpan.FromSeconds(1)) is null)
        {
            // The window left the site.
            await Window.GoToAsync(_cable.Address.ToString());
        }

        await UntilOpenAsync();
    }

    /// <summary>Waits until the page is ready for work. Presses "Try again" where the page offers it.</summary>
    private async Task UntilOpenAsync()
    {
        if (Disturbed)
        {
            return;
        }

        for (long start = Environment.TickCount64; Environment.TickCount64 - start < 60_000;)
        {
            PageLook? look = await Window.UntilAsync(now => now.Ready || now.Failed, TimeSpan.FromSeconds(3));
            if (look is { Ready: true })
            {
                return;
            }

            if (look is not { Failed: true } || !await Window.ClickAsync(".load-error button"))
            {
                await Window.GoToAsync(_cable.Address.ToString());
            }
        }

        throw new JourneyException("the page did not open within a minute, with a connection");
    }

    /// <summary>Covers the window and uncovers it again. The page then fetches what other windows saved.</summary>
    private async Task HideAndShowAsync() =>
        await Window.AskAsync("() => { document.dispatchEvent(new Event('visibilitychange')); return true; }");

    private async Task CrashTabAsync()
    {
        PageLook look = await Window.LookAsync();
        TaskCompletionSource crashed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        PageWindow window = Window;
        window.Page.Crash += (_, _) => crashed.TrySetResult();
        FreeWhatWasTypedJustNow(window.Number, "typed just before the tab crashed");
        _ = window.Page.GotoAsync("chrome://crash").ContinueWith(task => _ = task.Exception, TaskScheduler.Default);
        await crashed.Task.WaitAsync(PageWindow.Timeout);
        _windows.Remove(window);
        await window.Page.CloseAsync();
        await ReconnectAsync();
        await OpenWindowAsync(look.Project is null ? "" : $"projects/{look.Project}");
        await UntilOpenAsync();
    }

    private async Task RestartBrowserAsync(bool kill)
    {
        string? project = (await Window.LookAsync()).Project;
        if (kill)
        {
            FreeWhatWasTypedJustNow(null, "typed just before the browser was killed");
            await _profile.KillAsync();
        }
        else
        {
            // A person closes each page, and each page may send a last request. Ending only the browser gives the pages no chance.
            foreach (PageWindow window in _windows)
            {
                await LeaveAsync(window.Page);
            }

            await _profile.CloseAsync();
        }

        _windows.Clear();
        _offline = false;
        await ReconnectAsync();
        await _profile.OpenAsync();
        await OpenWindowAsync(project is null ? "" : $"projects/{project}");
        await UntilOpenAsync();
        await _server.UseCookiesOfAsync(_profile.Context);
    }

    private static async Task LeaveAsync(IPage page)
    {
        TaskCompletionSource closed = new(TaskCreationOptions.RunContinuationsAsynchronously);
        page.Close += (_, _) => closed.TrySetResult();
        await page.CloseAsync(new PageCloseOptions { RunBeforeUnload = true });
        await closed.Task.WaitAsync(PageWindow.Timeout);
    }

    private void FreeWhatWasTypedJustNow(int? window, string reason)
    {
        long due = Environment.TickCount64 - (long)DraftDue.TotalMilliseconds;
        foreach (Token token in _model.Tokens.Where(token => token.State == TokenState.Live && !token.Acknowledged && token.TypedAt > due
            && (window is null || token.Window == window)))
        {
            token.Free(reason);
        }
    }

    private async Task KillAsync(int? process)
    {
        if (process is not { } id)
        {
            _note = "not here";
            return;
        }

        using Process running = Process.GetProcessById(id);
        running.Kill();
        await running.WaitForExitAsync();
    }
}
