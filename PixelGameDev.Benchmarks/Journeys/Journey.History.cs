namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>Makes the steps with earlier versions and with copies of a game.</summary>
internal sealed partial class Journey
{
    private const string TakenBack = "[data-testid=toast][data-key=history]";

    /// <summary>
    /// Goes back to how the game began. A patient person takes that back, and then everything that was there is there again.
    /// </summary>
    private async Task GoBackAsync(JourneyStep step)
    {
        if (await SavedAloneAsync() is not { } project || !await Window.ClickAsync("[data-testid=menu]")
            || !await Window.ClickWhenThereAsync("[data-testid=menu-history]")
            || !await UntilThereAsync("[data-testid=history-first], [data-testid=history-empty]")
            || !await Window.AskAsync("() => document.querySelector('[data-testid=history-first]') !== null"))
        {
            await CloseDialogsAsync();
            return;
        }

        List<Token> there = [.. _model.Tokens.Where(token => token.Project == project && token.State == TokenState.Live)];
        FreeAll(there.Select(static token => token.Text), "the game went back to its beginning");
        _undoOffers.RemoveAll(offer => offer.Project == project);
        _trashed.RemoveAll(offer => offer.Project == project);
        await Window.ClickAsync("[data-testid=history-first]");
        if (!await UntilThereAsync($"{TakenBack} .toast-action"))
        {
            throw new JourneyException($"{TextModel.Short(project)} did not go back to its beginning");
        }

        _note = TextModel.Short(project);
        if (!step.Impatient)
        {
            await Window.ClickAsync($"{TakenBack} .toast-action");
            if (!await UntilThereAsync($"{TakenBack}:not(:has(.toast-action))"))
            {
                throw new JourneyException($"the way back of {TextModel.Short(project)} could not be taken back");
            }

            there.ForEach(static token => token.Restore("the way back was taken back"));
            _note += ", and taken back";
        }

        await Window.ClickAsync($"{TakenBack} .icon-button");
    }

    /// <summary>Copies the game, and brings its own zip back: both have the same texts. Then both are removed for good.</summary>
    private async Task CopyAndTakeHomeAsync()
    {
        if (await SavedAloneAsync() is not { } project)
        {
            return;
        }

        _note = TextModel.Short(project);
        string[] different = await Window.Page.EvaluateAsync<string[]>(
            """
            async (id) => {
              const ask = async (path, options) => {
                const answer = await fetch(`/api/${path}`, options);
                if (!answer.ok) throw new Error(`${path}: ${answer.status} ${await answer.text()}`);
                return answer;
              };
              const filesOf = async (project) => {
                const { files, entry } = await (await ask(`projects/${project}`)).json();
                const texts = files.map(async ({ path }) =>
                  [path, await (await ask(`projects/${project}/files/${encodeURIComponent(path)}`)).text()]);
                return JSON.stringify([entry, await Promise.all(texts)]);
              };
              const before = await filesOf(id);
              const zip = await (await ask(`projects/${id}/zip`)).blob();
              const copy = await (await ask(`projects/${id}/duplicate`, { method: 'POST' })).json();
              const { project } = await (await ask('projects/import?name=Home', { method: 'POST', body: zip })).json();
              const different = [];
              for (const made of [copy.id, project.id]) {
                const after = await filesOf(made);
                if (after !== before) different.push(`${before} became ${after}`);
                await ask(`projects/${made}`, { method: 'DELETE' });
                await ask(`trash/projects/${made}`, { method: 'DELETE' });
              }
              return different;
            }
            """,
            project);
        if (different.Length > 0)
        {
            throw new JourneyException($"a copy of {TextModel.Short(project)} is another game: {different[0]}");
        }
    }

    /// <summary>Returns the open project if everything is saved and nothing else can change it meanwhile; else null.</summary>
    private async Task<string?> SavedAloneAsync()
    {
        await CloseDialogsAsync();
        if (Disturbed || _windows.Count > 1)
        {
            return null;
        }

        await CalmAsync();
        PageLook look = await Window.LookAsync();
        return look is { Ready: true, Saved: "saved", Asking: 0, Conflict: null, Offer: null, TakesKeys: true } ? look.Project : null;
    }

    private async Task<bool> UntilThereAsync(string selector)
    {
        for (long start = Environment.TickCount64; Environment.TickCount64 - start < 15_000; await Task.Delay(10))
        {
            if (await Window.AskAsync("selector => document.querySelector(selector) !== null", selector))
            {
                return true;
            }
        }

        return false;
    }
}
