
namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>What was deleted: offers to undo it, and the trash.</summary>
internal sealed partial class Journey
{
    /// <summary>What a toast's "Undo" brings back, by the file that the toast names.</summary>
    private readonly List<UndoOffer> _undoOffers = [];

    /// <summary>Deleted files that have not been brought back.</summary>
    private readonly List<UndoOffer> _trashed = [];

    /// <summary>Presses the newest "Undo" that a message offers; what it names must be back at the next quiet time.</summary>
    private async Task PressUndoOfferAsync()
    {
        PageLook look = await Window.LookAsync();
        string[] offers = await Window.Page.EvaluateAsync<string[]>(
            "() => [...document.querySelectorAll('[data-testid=toast]')].filter((toast) => " +
                "toast.querySelector('.toast-action')?.textContent === 'Undo').map((toast) => toast.querySelector('span').textContent)");
        if (offers.Length == 0 || look.Project is null)
        {
            return;
        }

        _note = offers[^1];
        bool quiet = !Disturbed && _windows.Count == 1;
        if (!await Window.ClickAsync("[data-testid=toast] .toast-action", offers.Length - 1))
        {
            return;
        }

        bool done = await Window.UntilAsync(now => now.Toasts.Length == 0
            || now.Toasts[^1] != offers[^1], TimeSpan.FromSeconds(5)) is not null;
        int index = _undoOffers.FindLastIndex(offer => offer.Window == Window.Number
            && offers[^1].Contains(offer.Path, StringComparison.Ordinal));
        if (index < 0)
        {
            // The other text of a conflict takes the place of this one, which is one Ctrl+Z away.
            if (_conflicts.TryGetValue(Window.Number, out string? path))
            {
                _model.FreeFile(look.Project, path, "the choice between two texts was undone");
            }

            return;
        }

        UndoOffer undone = _undoOffers[index];
        _undoOffers.RemoveAt(index);
        _trashed.Remove(undone);
        if (undone.Gone.Count > 0)
        {
            _model.FreeFile(undone.Project, undone.Path, "an upload was undone");
        }

        // With no connection or a second window the answer decides; else what was there is there again.
        PageLook after = await Window.LookAsync();
        if (quiet && done && after.Project == undone.Project && after.Files.Contains(undone.Path))
        {
            // What an upload replaced comes back as if it were typed; a deleted file comes back on the server.
            undone.Back.ForEach(token =>
            {
                if (undone.Gone.Count > 0)
                {
                    token.Retype("brought back by Undo", Window.Number);
                }
                else
                {
                    token.Restore("brought back by Undo");
                }
            });
        }
    }

    /// <summary>Brings a deleted file back; what the page had called saved is in it.</summary>
    private async Task RestoreFileAsync(JourneyStep step)
    {
        await CloseDialogsAsync();
        PageLook look = await Window.LookAsync();
        if (Disturbed || _windows.Count > 1 || !look.Ready || look.Files.Length > 7 || !await Window.ClickAsync("[data-testid=file-trash]"))
        {
            return;
        }

        string[] names = [];
        for (long start = Environment.TickCount64; names.Length == 0 && Environment.TickCount64 - start < 3000; await Task.Delay(10))
        {
            names = await Window.Page.EvaluateAsync<string[]>(
                "() => [...document.querySelectorAll('.trash-item strong')].map((name) => name.textContent)");
            if (await Window.AskAsync("() => document.querySelector('[data-testid=trash-empty]') !== null"))
            {
                break;
            }
        }

        if (names.Length > 0 && await Window.ClickAsync(".trash-item .soft-button", step.Choice))
        {
            string path = names[step.Choice % names.Length];
            _note = path;
            bool there = await Window.UntilAsync(now => !now.Dialog && now.Asking == 0, TimeSpan.FromSeconds(5)) is not null;
            List<UndoOffer> known = [.. _trashed.Where(item => item.Project == look.Project && item.Path == path)];
            // Two of the same name cannot be told apart here.
            if (there && known.Count == 1 && names.Count(name => name == path) == 1)
            {
                known[0].Back.Where(static token => token.Acknowledged).ToList()
                    .ForEach(static token => token.Restore("brought back from the trash"));
                _trashed.Remove(known[0]);
                _undoOffers.Remove(known[0]);
            }
        }

        await CloseDialogsAsync();
    }

    /// <summary>An upload is the person's own file, which still lies on the disk: where no answer came, it may be there or not.</summary>
    private void FreeWhatNobodySaw(Token token)
    {
        if (Disturbed)
        {
            token.Free("uploaded without a connection");
        }
    }

    /// <param name="Back">Texts that stood in the file and come back with it.</param>
    /// <param name="Gone">Texts that took their place and go again.</param>
    private sealed record UndoOffer(int Window, string Project, string Path, List<Token> Back, List<Token> Gone);
}
