namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>Makes the steps with projects: switch, new, rename, delete, restore.</summary>
internal sealed partial class Journey
{
    private static readonly string[] Templates = ["starter", "snake", "painter"];

    private async Task<bool> OpenGamesAsync()
    {
        await CloseDialogsAsync();
        return await Window.ClickAsync("[data-testid=menu]") && await Window.ClickWhenThereAsync("[data-testid=menu-games]")
            && await UntilGamesListedAsync();
    }

    /// <summary>Waits for the list of games from the server. Without a connection the page says so and offers no choice.</summary>
    private async Task<bool> UntilGamesListedAsync()
    {
        for (long start = Environment.TickCount64; Environment.TickCount64 - start < 5000; await Task.Delay(10))
        {
            if (await Window.AskAsync("() => document.querySelector('[data-testid=games-dialog] .card-open') !== null"))
            {
                return true;
            }

            if (await Window.AskAsync("() => document.querySelector('[data-testid=games-dialog] li.soft') !== null"))
            {
                break;
            }
        }

        return false;
    }

    private async Task SwitchProjectAsync(JourneyStep step)
    {
        PageLook look = await Window.LookAsync();
        if (!look.Ready || !await OpenGamesAsync())
        {
            await CloseDialogsAsync();
            return;
        }

        await Window.ClickAsync("[data-testid=games-dialog] .card-open", step.Choice);
        if (!step.Impatient)
        {
            await Window.UntilAsync(now => (now.Project != look.Project && now.File is not null)
                || now.Toasts.Length > look.Toasts.Length, TimeSpan.FromSeconds(2));
        }

        _note = $"to {TextModel.Short((await Window.LookAsync()).Project)}";
    }

    private async Task NewProjectAsync(JourneyStep step)
    {
        await CloseDialogsAsync();
        PageLook look = await Window.LookAsync();
        if (!look.Ready || await Window.Page.EvaluateAsync<int>(
            "() => fetch('/api/projects').then((answer) => answer.json()).then((all) => all.length, () => 99)") > 4)
        {
            return;
        }

        if (!await Window.ClickAsync("[data-testid=menu]") || !await Window.ClickWhenThereAsync("[data-testid=menu-new]")
            || !await Window.ClickWhenThereAsync($"[data-testid=template-{step.Pick(Templates)}]"))
        {
            await CloseDialogsAsync();
            return;
        }

        if (!step.Impatient)
        {
            await Window.UntilAsync(now => (now.Project != look.Project && now.File is not null)
                || now.Toasts.Length > look.Toasts.Length, TimeSpan.FromSeconds(3));
        }

        _note = $"now {TextModel.Short((await Window.LookAsync()).Project)}";
    }

    private async Task RenameProjectAsync(JourneyStep step)
    {
        await CloseDialogsAsync();
        if (!await Window.AskAsync(
            "() => { const name = document.querySelector('[data-testid=project-name]'); name?.focus(); return name !== null; }"))
        {
            return;
        }

        await Window.Page.Keyboard.PressAsync("Control+A");
        await Window.Page.Keyboard.InsertTextAsync($"Game {step.Choice}");
        await Window.Page.Keyboard.PressAsync("Enter");
    }

    private async Task DeleteProjectAsync(JourneyStep step)
    {
        PageLook look = await Window.LookAsync();
        if (!look.Ready || !await OpenGamesAsync())
        {
            await CloseDialogsAsync();
            return;
        }

        // The cards have no ids. The list has the order of the server's list.
        string[] ids = await Window.Page.EvaluateAsync<string[]>(
            "() => fetch('/api/projects').then((answer) => answer.json()).then((all) => all.map((one) => one.id), () => [])");
        int cards = await Window.Page.EvaluateAsync<int>("() => document.querySelectorAll('[data-testid=games-dialog] .card-open').length");
        if (ids.Length != cards || ids.Length == 0)
        {
            await CloseDialogsAsync();
            return;
        }

        int index = step.Choice % ids.Length;
        if (await Window.ClickAsync("[data-testid=games-dialog] .card .icon-button", index))
        {
            // Noted before the request, because its answer may never come.
            string id = ids[index];
            _note = TextModel.Short(id);
            _model.DeleteProject(id);
            if (await Window.ClickWhenThereAsync("[data-testid=games-dialog] .danger-button", 0, TimeSpan.FromSeconds(1))
                && !step.Impatient)
            {
                await Window.UntilAsync(now => now.Project != id || now.Toasts.Length > look.Toasts.Length, TimeSpan.FromSeconds(3));
            }
        }

        await CloseDialogsAsync();
    }

    private async Task RestoreFromTrashAsync(JourneyStep step)
    {
        if (step.Impatient)
        {
            await RestoreFileAsync(step);
            return;
        }

        await CloseDialogsAsync();
        if (Disturbed || _windows.Count > 1 || !(await Window.LookAsync()).Ready || !await Window.ClickAsync("[data-testid=menu]"))
        {
            return;
        }

        // The list has the order of the server's list.
        string[] ids = await Window.Page.EvaluateAsync<string[]>(
            "() => fetch('/api/trash').then((answer) => answer.json()).then((all) => all.map((one) => one.id), () => [])");
        if (ids.Length > 0 && await Window.ClickWhenThereAsync("[data-testid=menu-trash]")
            && await Window.ClickWhenThereAsync(".trash-item .soft-button", step.Choice))
        {
            string id = ids[step.Choice % ids.Length];
            _note = TextModel.Short(id);
            await Window.UntilAsync(now => !now.Dialog && now.Asking == 0, TimeSpan.FromSeconds(5));
            if (await Window.AskAsync("id => fetch(`/api/projects/${id}`).then((answer) => answer.ok, () => false)", id))
            {
                _model.RestoreProject(id);
            }
        }

        await CloseDialogsAsync();
    }

    private async Task RunGameAsync()
    {
        if (await Window.ClickAsync("[data-testid=run]"))
        {
            await Window.ClickWhenThereAsync("[data-testid=stop]:enabled", 0, TimeSpan.FromSeconds(1));
        }
    }
}
