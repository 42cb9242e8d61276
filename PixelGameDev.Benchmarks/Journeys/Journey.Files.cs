using Microsoft.Playwright;

namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>Makes the steps with files: switch, new, rename, delete, undo, upload.</summary>
internal sealed partial class Journey
{
    /// <summary>No name begins with another one, so that the name of a copy ("red 2.py") shows its original.</summary>
    private static readonly string[] Names = ["red.py", "blue.py", "green.py", "notes.txt", "sky.py"];

    private static string Row(string path) => $"[data-testid=\"file:{path}\"]";

    private async Task SwitchFileAsync(JourneyStep step)
    {
        await CloseDialogsAsync();
        PageLook look = await Window.LookAsync();
        if (look.Files.Length == 0)
        {
            return;
        }

        string path = step.Pick(look.Files);
        _note = path;
        if (await Window.ClickAsync($"{Row(path)} .file-open") && !step.Impatient)
        {
            await Window.UntilAsync(now => now.File == path || now.Project != look.Project
                || now.Toasts.Length > 0, TimeSpan.FromSeconds(3));
        }
    }

    private async Task NewFileAsync(JourneyStep step)
    {
        await CloseDialogsAsync();
        PageLook look = await Window.LookAsync();
        if (!look.Ready || look.Files.Length > 6 || !await Window.ClickAsync("[data-testid=add-file]"))
        {
            return;
        }

        string path = step.Pick(Names);
        _note = path;
        await Window.Page.Keyboard.InsertTextAsync(path);
        await Window.Page.Keyboard.PressAsync("Enter");
        await Window.UntilAsync(now => now.Files.Contains(path)
            || now.Toasts.Length > look.Toasts.Length, TimeSpan.FromSeconds(step.Impatient ? 0 : 3));
        await LeaveNameFieldAsync(step);
    }

    private async Task RenameFileAsync(JourneyStep step)
    {
        await CloseDialogsAsync();
        PageLook look = await Window.LookAsync();
        if (!look.Ready)
        {
            return;
        }

        string from = step.Pick(look.Files);
        string to = Names[step.Manner / 2 % Names.Length];
        if (Path.GetExtension(from) != Path.GetExtension(to) || from == to
            || !await Window.AskAsync(
                "selector => { const found = document.querySelector(selector); found?.focus(); return found !== null; }",
                $"{Row(from)} .file-open"))
        {
            return;
        }

        _note = $"{from} → {to}";
        await Window.Page.Keyboard.PressAsync("F2");
        await Window.Page.Keyboard.PressAsync("Control+A");
        await Window.Page.Keyboard.InsertTextAsync(to);
        // Noted before the request, because its answer may never come.
        if (!look.Files.Contains(to))
        {
            _model.Rename(look.Project!, from, to);
        }

        await Window.Page.Keyboard.PressAsync("Enter");
        await Window.UntilAsync(now => !now.Files.Contains(from)
            || now.Toasts.Length > look.Toasts.Length, TimeSpan.FromSeconds(step.Impatient ? 0 : 3));
        await LeaveNameFieldAsync(step);
    }

    /// <summary>Closes the field that a refused name leaves open.</summary>
    private async Task LeaveNameFieldAsync(JourneyStep step)
    {
        if (!step.Impatient && await Window.AskAsync("() => document.activeElement?.matches('.file-field') ?? false"))
        {
            await Window.Page.Keyboard.PressAsync("Escape");
        }
    }

    private async Task DeleteFileAsync(JourneyStep step)
    {
        await CloseDialogsAsync();
        PageLook look = await Window.LookAsync();
        if (!look.Ready || look.Files.Length < 2)
        {
            return;
        }

        string path = step.Pick(look.Files);
        List<Token> there = [.. _model.LiveIn(look.Project!, path)];
        if (!await Window.ClickAsync($"[aria-label=\"Delete {path}\"]"))
        {
            return;
        }

        _note = path;
        _model.DeleteFile(look.Project!, path);
        UndoOffer offer = new(Window.Number, look.Project!, path, there, []);
        _undoOffers.Add(offer);
        _trashed.Add(offer);
        if (!step.Impatient)
        {
            await Window.UntilAsync(now => !now.Files.Contains(path) || now.Toasts.Length > look.Toasts.Length, TimeSpan.FromSeconds(3));
        }
    }

    private async Task UploadAsync(JourneyStep step, bool existing)
    {
        await CloseDialogsAsync();
        PageLook look = await Window.LookAsync();
        string[] choices = existing ? [.. look.Files.Where(file => Path.GetExtension(file) is ".py" or ".txt")]
            : [.. Names.Except(look.Files)];
        if (!look.Ready || choices.Length == 0 || look.Files.Length > 7)
        {
            return;
        }

        string path = step.Pick(choices);
        string text = _model.NewText();
        List<Token> there = [.. _model.LiveIn(look.Project!, path)];
        await Window.Page.Locator("[data-testid=file-picker]").SetInputFilesAsync(new FilePayload
        {
            Name = path,
            MimeType = "text/plain",
            Buffer = System.Text.Encoding.UTF8.GetBytes($"# {text}\n"),
        });
        // A slow page may have opened another game meanwhile. The upload goes to the game that is open.
        string project = (await Window.LookAsync()).Project ?? look.Project!;
        Token token = _model.Add(text, project, path, Window.Number);
        _note = $"{text} as {path}";
        if (!existing)
        {
            // The page confirms the upload, or asks: another window, or a pending rename, may have taken the name.
            bool Told(PageLook now) => now.Toasts.Any(toast => toast.Contains($"{path} is in your game.", StringComparison.Ordinal));
            await Window.UntilAsync(now => now.Dialog || Told(now), TimeSpan.FromSeconds(5));
            FreeWhatNobodySaw(token);
            if (await Window.ClickAsync("[data-testid=existing-cancel]", 0))
            {
                token.State = TokenState.Never;
                token.Reason = "an upload that was cancelled";
            }
            else if (!Told(await Window.LookAsync()))
            {
                token.Free("an upload with no answer");
            }

            return;
        }

        string[] answers = ["replace", "both", "cancel"];
        string answer = answers[step.Manner / 2 % answers.Length];
        _note += $" ({answer})";
        // Another window changed or deleted the file. The page replaces nothing and says so.
        int Refusals(PageLook now) => now.Toasts.Count(toast => toast.StartsWith($"{path} was ", StringComparison.Ordinal)
            && toast.Contains("in another window", StringComparison.Ordinal));
        int refusals = Refusals(await Window.LookAsync());
        if (!await Window.ClickWhenThereAsync($"[data-testid=existing-{answer}]", 0, TimeSpan.FromSeconds(5)))
        {
            if (Disturbed || _windows.Count > 1 || _model.IsBeingDeleted(look.Project!, path))
            {
                token.Free("an upload with no answer");
                _model.FreeFile(look.Project!, path, "an upload with no answer");
                return;
            }

            throw new JourneyException($"an upload of {path}, which exists, did not ask what to do");
        }

        await Window.UntilAsync(now => !now.Dialog, TimeSpan.FromSeconds(5));
        switch (answer)
        {
            case "cancel":
                token.State = TokenState.Never;
                token.Reason = "an upload that was cancelled";
                break;
            case "replace" when await Window.UntilAsync(now =>
                now.Toasts.Any(toast => toast.StartsWith($"{path} is in your game", StringComparison.Ordinal)) || Refusals(now) > refusals,
                TimeSpan.FromSeconds(5)) is { } said
                && Refusals(said) > refusals:
                token.Free("an upload that was refused, because another window had changed the file");
                break;
            case "replace":
                _model.FreeFile(look.Project!, path, $"{path} was replaced by an upload");
                token.State = TokenState.Live;
                _undoOffers.Add(new UndoOffer(Window.Number, look.Project!, path, there, [token]));
                break;
        }

        if (answer != "cancel")
        {
            await Window.UntilAsync(now => now.Asking == 0
                && !now.Toasts.Any(toast => toast.StartsWith("Adding ", StringComparison.Ordinal)), TimeSpan.FromSeconds(5));
            FreeWhatNobodySaw(token);
        }
    }
}
