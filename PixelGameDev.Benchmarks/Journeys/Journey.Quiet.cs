using System.Globalization;

namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>Checks the quiet times: everything is connected and saved, and every text must be where it belongs.</summary>
internal sealed partial class Journey
{
    private async Task BeQuietAsync()
    {
        await ReconnectAsync();
        await _server.UntilThereAsync();
        int before = _active;
        for (_active = 0; _active < _windows.Count; _active++)
        {
            await SettleAsync();
            await NoteSavedAsync();
        }

        _active = before;
        if (_windows.Count == 1)
        {
            _model.Settle();
        }

        await CheckAsync();
    }

    /// <summary>
    /// Waits until the active window has nothing left to save, and answers its questions. There must always be a way to get there.
    /// </summary>
    private async Task SettleAsync()
    {
        long start = Environment.TickCount64;
        long refusedSince = 0;
        bool saveKeyPressed = false;
        int steadyLooks = 0;
        while (true)
        {
            await UntilOpenAsync();
            await CloseDialogsAsync();
            PageLook look = await Window.LookAsync();
            if (look.Conflict is not null)
            {
                await AnswerConflictAsync((int)(start % 4));
                refusedSince = 0;
            }
            else if (look.Offer is not null)
            {
                await AnswerOfferAsync(look, keep: start % 3 != 0);
            }
            else if (look is { Ready: true, Saved: "saved", Asking: 0, File: null }
                or { Ready: true, Saved: "saved", Asking: 0, TakesKeys: true })
            {
                if (steadyLooks++ == 1)
                {
                    return;
                }

                await Task.Delay(15);
                continue;
            }
            else if (look.Saved == "refused")
            {
                refusedSince = refusedSince == 0 ? Environment.TickCount64 : refusedSince;
                if (Environment.TickCount64 - refusedSince > 2000)
                {
                    await LeaveWhatIsRefusedAsync(look);
                    return;
                }
            }
            else if (look.Saved == "retrying" && !saveKeyPressed)
            {
                saveKeyPressed = true;
                await PressSaveKeyAsync();
            }

            if (Environment.TickCount64 - start > 60_000)
            {
                throw new JourneyException(string.Create(
                    CultureInfo.InvariantCulture,
                    $"window {Window.Number} did not get quiet within a minute: {look.Saved}, messages: " +
                    $"{string.Join(" | ", look.Toasts)}"));
            }

            steadyLooks = 0;
            await Task.Delay(10);
        }
    }

    /// <summary>Answers the question about a text of an earlier visit that has no place. The text stays until then.</summary>
    private async Task AnswerOfferAsync(PageLook look, bool keep)
    {
        HashSet<string> offered = TextModel.In(look.Offer);
        if (!keep)
        {
            FreeAll(offered, "an offered draft was dropped");
        }

        await Window.ClickAsync($"[data-testid={(keep ? "draft-keep" : "draft-drop")}]");
        await Window.UntilAsync(now => now.Offer != look.Offer && now.Asking == 0, TimeSpan.FromSeconds(5));
    }

    /// <summary>Opens another project. A text that the server refuses, because its project is gone, must not prevent that.</summary>
    private async Task LeaveWhatIsRefusedAsync(PageLook look)
    {
        bool listed = await OpenGamesAsync();
        bool chosen = listed
            && await Window.AskAsync(
                "() => window.journey.click('[data-testid=games-dialog] .card:not(.current) .card-open') || " +
                "window.journey.click('[data-testid=games-dialog] .card-open')");
        PageLook? after = chosen ? await Window.UntilAsync(now => now.Ready && now.Project != look.Project, TimeSpan.FromSeconds(5)) : null;
        if (after is null)
        {
            throw new JourneyException(
                $"there is no way on: the page says \"{look.Saved}\" without a question and no other project opens; messages: " +
                    $"{string.Join(" | ", (await Window.LookAsync()).Toasts)}");
        }
    }

    private async Task CheckAsync()
    {
        _checks++;
        Dictionary<string, Dictionary<string, string>> stored = await _server.ReadAsync();
        Dictionary<string, List<string>> places = [];
        foreach ((string project, Dictionary<string, string> files) in stored)
        {
            foreach ((string path, string text) in files)
            {
                foreach (string found in TextModel.In(text))
                {
                    Token token = _model.Find(found)
                        ?? throw new JourneyException($"{found} stands in {TextModel.Short(project)}/{path}, and nobody typed it");
                    if (token.Project != project || !token.MayStandIn(path) || token.State == TokenState.Never)
                    {
                        throw new JourneyException($"misplaced: {token} stands in {TextModel.Short(project)}/{path}");
                    }

                    token.Paths.Add(path);
                    (places.TryGetValue(found, out List<string>? known) ? known : places[found] = []).Add(path);
                }
            }
        }

        List<Token> missing = [.. _model.Tokens.Where(token => token.State == TokenState.Live && !places.ContainsKey(token.Text))];
        if (missing.Count > 0)
        {
            string[] kept = await _windows[0].KeptAsync();
            missing =
                [.. missing.Where(token => !kept.Any(draft => draft.Contains(token.Project, StringComparison.Ordinal)
                    && draft.Contains(token.Text, StringComparison.Ordinal)))];
        }

        if (missing.Count > 0)
        {
            string more = missing.Count > 5 ? string.Create(CultureInfo.InvariantCulture, $" and {missing.Count - 5} more") : "";
            throw new JourneyException($"lost: {string.Join("; ", missing.Take(5))}{more}");
        }

        await CheckEditorsAsync(stored);
    }

    /// <summary>
    /// Checks the editors. "Saved" next to a text that the server does not have is an error. Only a window next to other windows may be
    /// behind until the person comes back to it.
    /// </summary>
    private async Task CheckEditorsAsync(Dictionary<string, Dictionary<string, string>> stored)
    {
        if (_windows.Count != 1)
        {
            return;
        }

        if (_behind)
        {
            await HideAndShowAsync();
            await SettleAsync();
            _behind = false;
        }

        PageLook look = await Window.LookAsync();
        if (look is not { Saved: "saved", Project: { } project, File: { } file, Text: { } text })
        {
            return;
        }

        if (!stored.ContainsKey(project)
            && look.Toasts.Any(static toast => toast.StartsWith("This game was deleted in another window", StringComparison.Ordinal)))
        {
            return;
        }

        string? there = stored.GetValueOrDefault(project)?.GetValueOrDefault(file);
        if (there != text)
        {
            string difference = there is null ? "which the server does not have"
                : $"here also {string.Join(' ', TextModel.In(text).Except(TextModel.In(there)))}, there also " +
                $"{string.Join(' ', TextModel.In(there).Except(TextModel.In(text)))}";
            throw new JourneyException(
                $"the page says \"Saved\" and shows another text of {TextModel.Short(project)}/{file} than the server has: {difference}");
        }
    }

    /// <summary>Visits every project, so that each draft comes back. After that no text may exist only as a draft.</summary>
    private async Task EndAsync()
    {
        await BeQuietAsync();
        while (_windows.Count > 1)
        {
            _active = _windows.Count - 1;
            await CloseWindowAsync();
        }

        foreach (string project in (await _server.ReadAsync()).Keys)
        {
            await Window.GoToAsync(new Uri(_cable.Address, $"projects/{project}").ToString());
            _ = await Window.UntilAsync(look => look.Ready && look.Project == project)
                ?? throw new JourneyException($"project {TextModel.Short(project)} does not open");
            await BeQuietAsync();
        }
    }
}
