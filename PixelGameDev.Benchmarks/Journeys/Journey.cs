using System.Globalization;
using Microsoft.Playwright;
using PixelGameDev.Benchmarks.Network;

namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>
/// Takes one person step by step through the page, with a model that knows where every piece of text must be. The page, the browser, the
/// Api and the database are real. A cable lies between browser and server.
/// </summary>
/// <remarks>
/// A typed text is a token that occurs only once. It belongs to the file and project that the window showed while it was typed. From then
/// on it must stand there, on the server or in a draft of this browser, until the person removes it (undo, delete, replace, the other text
/// of a conflict). It may never stand anywhere else.
/// </remarks>
internal sealed partial class Journey : IAsyncDisposable
{
    /// <summary>A text that was typed less than this before a tab crashed may be lost: its draft was not due yet.</summary>
    private static readonly TimeSpan DraftDue = TimeSpan.FromSeconds(2.5);

    private readonly JourneySystem _system;
    private readonly BrowserProfile _profile;
    private readonly Relay _cable;
    private readonly ServerFiles _server;
    private readonly TextModel _model = new();
    private readonly List<PageWindow> _windows = [];
    private readonly List<string> _log = [];
    private readonly List<string> _complaints = [];
    private int _windowsSoFar;
    private int _active;
    private bool _offline;
    private bool _cut;
    private bool _behind;
    private int _checks;
    private string _note = "";

    private Journey(JourneySystem system, BrowserProfile profile)
    {
        _system = system;
        _profile = profile;
        _cable = new Relay(system.Address);
        _server = new ServerFiles(system.Address);
    }

    private PageWindow Window => _windows[_active];

    private bool Disturbed => _offline || _cut;

    /// <summary>Makes the steps with a new person in a new browser.</summary>
    public static async Task<JourneyResult> RunAsync(JourneySystem system, IPlaywright playwright, IReadOnlyList<JourneyStep> steps)
    {
        await using Journey journey = new(system, await BrowserProfile.StartAsync(playwright));
        int done = 0;
        try
        {
            await journey.BeginAsync();
            foreach (JourneyStep step in steps)
            {
                await journey.MakeAsync(step);
                done++;
            }

            await journey.EndAsync();
            return new JourneyResult(done, null, journey._log, journey._model.Tokens.Count(), journey._checks);
        }
        catch (Exception error) when (error is JourneyException or PlaywrightException or TimeoutException or HttpRequestException)
        {
            string message = error is JourneyException ? error.Message : $"{error.GetType().Name}: {error.Message}";
            return new JourneyResult(done, message, journey._log, journey._model.Tokens.Count(), journey._checks);
        }
    }

    public async ValueTask DisposeAsync()
    {
        await _profile.DisposeAsync();
        await _cable.DisposeAsync();
        _server.Dispose();
    }

    private async Task BeginAsync()
    {
        await OpenWindowAsync("");
        _ = await Window.UntilAsync(look => look.Ready) ?? throw new JourneyException("the page did not open");
        // Browsers write cookies to disk up to half a minute later, or when they end. A browser that is killed earlier has lost its guest.
        await RestartBrowserAsync(kill: false);
        // From the first step on there is another file to switch to.
        await _server.PrepareAsync((await Window.LookAsync()).Project!, "blue.py", "notes.txt");
        await ReloadAsync();
    }

    private async Task MakeAsync(JourneyStep step)
    {
        _note = "";
        long start = Environment.TickCount64;
        try
        {
            await (step.Kind switch
            {
                StepKind.Type => TypeAsync(step),
                StepKind.SwitchFile => SwitchFileAsync(step),
                StepKind.SwitchProject => SwitchProjectAsync(step),
                StepKind.NewFile => NewFileAsync(step),
                StepKind.RenameFile => RenameFileAsync(step),
                StepKind.DeleteFile => DeleteFileAsync(step),
                StepKind.PressUndoOffer => PressUndoOfferAsync(),
                StepKind.NewProject => NewProjectAsync(step),
                StepKind.RenameProject => RenameProjectAsync(step),
                StepKind.DeleteProject => DeleteProjectAsync(step),
                StepKind.RestoreFromTrash => RestoreFromTrashAsync(step),
                StepKind.GoBack => GoBackAsync(step),
                StepKind.CopyAndTakeHome => CopyAndTakeHomeAsync(),
                StepKind.UploadNew => UploadAsync(step, existing: false),
                StepKind.UploadExisting => UploadAsync(step, existing: true),
                StepKind.UndoKey => PressHistoryKeyAsync("Control+Z"),
                StepKind.RedoKey => PressHistoryKeyAsync("Control+Y"),
                StepKind.OpenWindow => OpenSecondWindowAsync(),
                StepKind.CloseWindow => CloseWindowAsync(),
                StepKind.OtherWindow => GoToOtherWindowAsync(),
                StepKind.AnswerConflict => AnswerConflictAsync(step.Manner),
                StepKind.GoOffline => GoOfflineAsync(),
                StepKind.CutCable => CutCableAsync(),
                StepKind.Reconnect => ReconnectAsync(),
                StepKind.Reload => ReloadAsync(),
                StepKind.Back => BackAsync(),
                StepKind.Forward => ForwardAsync(),
                StepKind.HideAndShow => HideAndShowAsync(),
                StepKind.SaveKey => PressSaveKeyAsync(),
                StepKind.Run => RunGameAsync(),
                StepKind.CrashTab => CrashTabAsync(),
                StepKind.CloseBrowser => RestartBrowserAsync(kill: false),
                StepKind.KillBrowser => RestartBrowserAsync(kill: true),
                StepKind.KillApi => KillAsync(_system.Api()),
                StepKind.KillDatabase => KillAsync(_system.Database()),
                StepKind.Quiet => BeQuietAsync(),
                _ => throw new InvalidOperationException($"Step {step.Kind} is not made."),
            });
            await NoteSavedAsync();
        }
        finally
        {
            _log.Add(string.Create(CultureInfo.InvariantCulture,
                $"{step} {Environment.TickCount64 - start} ms{(_note.Length > 0 ? ": " : "")}{_note}"));
        }

        if (_complaints.Count > 0)
        {
            throw new JourneyException(_complaints[0]);
        }
    }

    /// <summary>Notes the saved texts. Everything that the page calls saved must survive from here on.</summary>
    private async Task NoteSavedAsync()
    {
        PageLook look = await Window.LookAsync();
        if (look.Saved != "saved")
        {
            return;
        }

        foreach (Token token in _model.Tokens.Where(token => token.State == TokenState.Live && token.Window == Window.Number
            && token.Project == look.Project))
        {
            token.Acknowledged = true;
        }
    }

    private async Task<PageWindow> OpenWindowAsync(string path)
    {
        IPage page = _windows.Count == 0 && _profile.Context.Pages.Count == 1 && _profile.Context.Pages[0].Url == "about:blank"
            ? _profile.Context.Pages[0]
            : await _profile.Context.NewPageAsync();
        PageWindow window = new(++_windowsSoFar, page, text =>
        {
            lock (_complaints)
            {
                _complaints.Add(text);
            }
        });
        _windows.Add(window);
        _active = _windows.Count - 1;
        await window.GoToAsync(new Uri(_cable.Address, path).ToString());
        return window;
    }

    // --- typing ---------------------------------------------------------------------------------------------------------

    private async Task TypeAsync(JourneyStep step)
    {
        if (!await ReadyToTypeAsync())
        {
            return;
        }

        PageLook before = await Window.LookAsync();
        string text = _model.NewText();
        await Window.Page.Keyboard.PressAsync("Control+Home");
        await Window.Page.Keyboard.InsertTextAsync($"# {text}\n");
        PageLook after = await Window.LookAsync();
        bool stands = after.Text?.Contains(text, StringComparison.Ordinal) == true;
        bool same = before.Project == after.Project && before.File == after.File;
        _note = $"{text} into {TextModel.Short(after.Project)}/{after.File}{(stands ? "" : " (not taken)")}";
        if (stands)
        {
            _model.Add(text, after.Project!, after.File!, Window.Number);
        }
        else if (!same && before.Project is not null && before.File is not null)
        {
            // The page went on to something else during the typing. The text may stand where it was typed, and nowhere else.
            _model.Add(text, before.Project, before.File, Window.Number).Free("typed while the page went on");
        }
    }

    private async Task<bool> ReadyToTypeAsync()
    {
        await CloseDialogsAsync();
        return await Window.FocusCodeAsync();
    }

    private async Task PressHistoryKeyAsync(string key)
    {
        if (!await ReadyToTypeAsync())
        {
            return;
        }

        // If a draft is applied at this moment, the key would undo the draft, and nobody would have seen it.
        PageLook before = await CalmAsync();
        await Window.Page.Keyboard.PressAsync(key);
        PageLook after = await Window.LookAsync();
        if (before.Project != after.Project || before.File != after.File || after.File is null)
        {
            // The page went on meanwhile. Nobody saw what the key did, and to which file.
            FreeAll(TextModel.In(before.Text), $"{key} while the page went on");
            return;
        }

        HashSet<string> had = TextModel.In(before.Text), has = TextModel.In(after.Text);
        _note = $"{before.File}: -{string.Join(' ', had.Except(has))} +{string.Join(' ', has.Except(had))}";
        FreeAll(had.Except(has), key);
        foreach (string text in has.Except(had))
        {
            Token token = _model.Find(text) ?? throw new JourneyException($"{key} showed {text}, which was never typed");
            if (token.Project != after.Project || !token.MayStandIn(after.File))
            {
                throw new JourneyException(
                    $"{key} in {TextModel.Short(after.Project)}/{after.File} showed a text of another file: {token}");
            }

            token.Retype(key, Window.Number);
        }
    }

    /// <summary>Waits at most two seconds until no request is pending and the text does not change.</summary>
    private async Task<PageLook> CalmAsync()
    {
        PageLook look = await Window.LookAsync();
        for (long start = Environment.TickCount64; Environment.TickCount64 - start < 2000;)
        {
            await Task.Delay(40);
            PageLook next = await Window.LookAsync();
            bool isSteady = look.Asking == 0 && next.Asking == 0 && look.Text == next.Text && look.File == next.File;
            look = next;
            if (isSteady)
            {
                break;
            }
        }

        return look;
    }

    private void FreeAll(IEnumerable<string> texts, string reason)
    {
        foreach (string text in texts)
        {
            _model.Find(text)?.Free(reason);
        }
    }

    private async Task PressSaveKeyAsync()
    {
        if ((await Window.LookAsync()).There)
        {
            await Window.Page.Keyboard.PressAsync("Control+S");
        }
    }

    private async Task CloseDialogsAsync()
    {
        for (int tries = 0; tries < 5 && (await Window.LookAsync()).Dialog; tries++)
        {
            await Window.Page.Keyboard.PressAsync("Escape");
            if (await Window.UntilAsync(look => !look.Dialog, TimeSpan.FromMilliseconds(300)) is null)
            {
                await Window.AskAsync(
                    "() => { document.querySelectorAll('dialog[open]').forEach((dialog) => dialog.close()); return true; }");
            }
        }
    }
}
