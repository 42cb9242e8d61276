namespace PixelGameDev.Tests.Browser.Desktop;

/// <summary>Lists what people do on a page that they have zoomed: everything with the mouse, and some keys.</summary>
internal static class ZoomScenarios
{
    private static readonly int[] Zooms = [75, 125, 150];

    private static readonly string[] Keys =
    [
        "letters", "letters with Shift", "arrows", "two keys that overlap", "Ctrl and letters", "German dead keys",
        "US international AltGr",
    ];

    public static IReadOnlyList<Scenario> All { get; } =
    [
        // A browser tells notches that it has joined as others at a zoom, and counting them would need what is tested.
        .. Zooms.SelectMany(static zoom =>
            PointerScenarios.All.Where(static scenario => scenario.FastNotches == 0).Select(scenario => At(zoom, scenario))),
        .. KeyboardScenarios.All.Where(static scenario => Keys.Contains(scenario.Name)).Select(static scenario => At(125, scenario)),
    ];

    private static Scenario At(int zoom, Scenario scenario) => scenario with { Name = $"{scenario.Name}, {zoom} %", Zoom = zoom };
}
