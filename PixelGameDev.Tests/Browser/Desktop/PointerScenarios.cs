namespace PixelGameDev.Tests.Browser.Desktop;

/// <summary>
/// Lists what people do with a mouse. A bar waits until both windows have seen what is before it: a browser joins moves and notches that
/// are faster than its pictures, and lets keys overtake such notches.
/// </summary>
internal static class PointerScenarios
{
    private static readonly string[] Pointer = ["MOUSE", "WINDOWENTER", "WINDOWLEAVE"];

    public static IReadOnlyList<Scenario> All { get; } =
    [
        New("a move", "@50,60 | @120,80"),
        New("moves to the corners", "@0,0 | @399,0 | @399,299 | @0,299"),
        New("the three buttons", "@50,60 | click 1 click 2 click 3"),
        New("the side buttons stay on the page", "@50,60 | click 8 click 9"),
        New("two buttons that overlap", "@50,60 | mousedown 1 mousedown 3 mouseup 1 mouseup 3"),
        New("a side button during a press", "@50,60 | mousedown 1 mousedown 8 mouseup 8 mouseup 1"),
        New("all five buttons at once",
            "@50,60 | mousedown 1 mousedown 2 mousedown 3 mousedown 8 mousedown 9 mouseup 1 mouseup 2 mouseup 3 mouseup 8 mouseup 9"),
        New("a double click", "@50,60 | click --repeat 2 --delay 40 1"),
        New("a drag", "@20,20 | mousedown 1 | @100,100 | @200,150 | mouseup 1"),
        New("a drag with the right button", "@20,20 | mousedown 3 | @60,100 | mouseup 3"),
        New("a drag out of the picture and back", "@200,150 | mousedown 1 | @450,150 | @200,340 | @200,150 | mouseup 1"),
        New("a drag that ends outside", "@200,150 | mousedown 1 | @450,150 | mouseup 1 | @200,150"),
        New("leaving to the right and coming back", "@380,150 | @430,150 | @380,150"),
        New("leaving downwards and coming back", "@200,290 | @200,330 | @200,290"),
        New("leaving twice", "@380,150 | @430,150 | @380,150 | @430,150 | @380,150"),
        New("one notch up", "@50,60 | click 4"),
        New("one notch down", "@50,60 | click 5"),
        New("notches up and down", "@50,60 | click 4 | click 5 | click 4 | click 4 | click 5"),
        New("notches to the sides", "@50,60 | click 6 | click 7 | click 7"),
        New("a notch with Shift", "@50,60 | +ShiftLeft click 5 -ShiftLeft"),
        New("a notch with Ctrl does not zoom the page", "@50,60 | +ControlLeft click 4 -ControlLeft"),
        New("a notch while a button is held", "@50,60 | mousedown 1 click 4 mouseup 1"),
        New("a notch after a move", "@50,60 | click 5 | @90,90 | click 5"),
        New("a click with keys held", "@50,60 | +KeyW +ShiftLeft click 1 -ShiftLeft -KeyW"),
        New("ten fast notches", "click --repeat 10 --delay 15 5") with { FastNotches = 10 },
        New("ten notches at once", "click --repeat 10 --delay 0 4") with { FastNotches = 10 },
    ];

    private static Scenario New(string name, string steps) => new(name, "us", steps) { Listen = Pointer, UsesMouse = true };
}
