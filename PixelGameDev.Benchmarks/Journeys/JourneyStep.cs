using System.Globalization;

namespace PixelGameDev.Benchmarks.Journeys;

/// <summary>What a person, the network or the machine does in one step.</summary>
internal enum StepKind
{
    Type,
    SwitchFile,
    SwitchProject,
    NewFile,
    RenameFile,
    DeleteFile,
    PressUndoOffer,
    NewProject,
    RenameProject,
    DeleteProject,
    RestoreFromTrash,
    GoBack,
    CopyAndTakeHome,
    UploadNew,
    UploadExisting,
    UndoKey,
    RedoKey,
    OpenWindow,
    CloseWindow,
    OtherWindow,
    AnswerConflict,
    GoOffline,
    CutCable,
    Reconnect,
    Reload,
    Back,
    Forward,
    HideAndShow,
    SaveKey,
    Run,
    CrashTab,
    CloseBrowser,
    KillBrowser,
    KillApi,
    KillDatabase,
    Quiet,
}

/// <summary>
/// One step. Its numbers choose among what exists when the step is made, so that a list stays meaningful when steps are left out.
/// </summary>
/// <param name="Number">Its place in the seed's list, from 0.</param>
/// <param name="Kind">The kind of action.</param>
/// <param name="Choice">Chooses the file, project, window or answer.</param>
/// <param name="Manner">Chooses how: impatient or not, by key or not.</param>
internal sealed record JourneyStep(int Number, StepKind Kind, int Choice, int Manner)
{
    /// <summary>An impatient person does the next thing before the page has answered.</summary>
    public bool Impatient => (Manner & 1) == 1;

    /// <summary>Returns one of the items.</summary>
    public T Pick<T>(IReadOnlyList<T> items) => items[Choice % items.Count];

    public override string ToString() => string.Create(CultureInfo.InvariantCulture, $"{Number}:{Kind}({Choice},{Manner})");
}

/// <summary>Generates the steps of a seed.</summary>
internal static class StepDeck
{
    /// <summary>The relative frequency of each kind. Restarts are rare because each takes seconds.</summary>
    private static readonly (StepKind Kind, double Weight)[] Weights =
    [
        (StepKind.Type, 34), (StepKind.SwitchFile, 8), (StepKind.SwitchProject, 5), (StepKind.NewFile, 4), (StepKind.RenameFile, 4),
        (StepKind.DeleteFile, 3), (StepKind.PressUndoOffer, 3), (StepKind.NewProject, 2), (StepKind.RenameProject, 2),
        (StepKind.DeleteProject, 1.2), (StepKind.RestoreFromTrash, 1), (StepKind.GoBack, 1.5), (StepKind.CopyAndTakeHome, 0.7),
        (StepKind.UploadNew, 2), (StepKind.UploadExisting, 3), (StepKind.UndoKey, 4), (StepKind.RedoKey, 1),
        (StepKind.OpenWindow, 3), (StepKind.CloseWindow, 2), (StepKind.OtherWindow, 5),
        (StepKind.AnswerConflict, 3), (StepKind.GoOffline, 2), (StepKind.CutCable, 1.5), (StepKind.Reconnect, 4), (StepKind.Reload, 2.5),
        (StepKind.Back, 1), (StepKind.Forward, 0.5), (StepKind.HideAndShow, 3), (StepKind.SaveKey, 3), (StepKind.Run, 0.4),
        (StepKind.CrashTab, 1), (StepKind.CloseBrowser, 0.4), (StepKind.KillBrowser, 0.3), (StepKind.KillApi, 0.25),
        (StepKind.KillDatabase, 0.08), (StepKind.Quiet, 6),
    ];

    /// <summary>Returns the same steps for the same seed, on every machine.</summary>
    public static IReadOnlyList<JourneyStep> Deal(int seed, int count)
    {
        Random random = new(seed);
        double sum = Weights.Sum(entry => entry.Weight);
        List<JourneyStep> steps = [];
        for (int number = 0; number < count; number++)
        {
            double at = random.NextDouble() * sum;
            int index = 0;
            while (index < Weights.Length - 1 && at >= Weights[index].Weight)
            {
                at -= Weights[index++].Weight;
            }

            steps.Add(new JourneyStep(number, Weights[index].Kind, random.Next(10_000), random.Next(10_000)));
        }

        return steps;
    }
}
