
namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>Makes the steps with deleted things: offers to undo, and the trash.</summary>
internal sealed partial class Journey
{
    /// <summary>Lists what the "Undo" of a toast restores, by the file that the toast names.</summary>
    private readonly List<UndoOffer> _undoOffers = [];

    /// <summary>Lists deleted files that have not been restored.</summary>
    private readonly List<UndoOffer> _trashed = [];

    /// <summary>Presses the newest "Undo" of a message. What it names must be back at the next quiet time.</summary>
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
            // The other text of a conflict replaces this one. Ctrl+Z brings this one back.
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

        // Without a connection, or with a second window, the answer decides. Otherwise the old content is back.
        PageLook after = await Window.LookAsync();
        if (quiet && done && after.Project == undone.Project && after.Files.Contains(undone.Path))
        {
            // The undo of an upload puts the old text into the editor, as if typed. The undo of a deletion restores the file on the server.
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

    /// <summary>Restores a deleted file. It contains everything that the page had called saved.</summary>
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
            // Two files of the same name cannot be told apart here.
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

    /// <summary>
    /// Allows a text to be there or not. Without an answer nobody knows whether an upload worked, and the person still has the file on
    /// disk.
    /// </summary>
    private void FreeWhatNobodySaw(Token token)
    {
        if (Disturbed)
        {
            token.Free("uploaded without a connection");
        }
    }

    /// <param name="Back">Texts of the file that come back with it.</param>
    /// <param name="Gone">Texts that replaced them and go again.</param>
    private sealed record UndoOffer(int Window, string Project, string Path, List<Token> Back, List<Token> Gone);
}
