namespace PixelGameDev.Tests.Browser.Desktop;

/// <summary>Holds the X key number of each <c>KeyboardEvent.code</c> (Linux evdev codes plus 8).</summary>
internal static class XKeys
{
    public static IReadOnlyDictionary<string, int> Numbers { get; } = Build();

    private static Dictionary<string, int> Build()
    {
        Dictionary<string, int> numbers = new()
        {
            ["Escape"] = 9,
            ["Minus"] = 20,
            ["Equal"] = 21,
            ["Backspace"] = 22,
            ["Tab"] = 23,
            ["BracketLeft"] = 34,
            ["BracketRight"] = 35,
            ["Enter"] = 36,
            ["ControlLeft"] = 37,
            ["Semicolon"] = 47,
            ["Quote"] = 48,
            ["Backquote"] = 49,
            ["ShiftLeft"] = 50,
            ["Backslash"] = 51,
            ["Comma"] = 59,
            ["Period"] = 60,
            ["Slash"] = 61,
            ["ShiftRight"] = 62,
            ["NumpadMultiply"] = 63,
            ["AltLeft"] = 64,
            ["Space"] = 65,
            ["CapsLock"] = 66,
            ["NumLock"] = 77,
            ["ScrollLock"] = 78,
            ["NumpadSubtract"] = 82,
            ["NumpadAdd"] = 86,
            ["NumpadDecimal"] = 91,
            ["IntlBackslash"] = 94,
            ["F11"] = 95,
            ["F12"] = 96,
            ["IntlRo"] = 97,
            ["Convert"] = 100,
            ["KanaMode"] = 101,
            ["NonConvert"] = 102,
            ["NumpadEnter"] = 104,
            ["ControlRight"] = 105,
            ["NumpadDivide"] = 106,
            ["PrintScreen"] = 107,
            ["AltRight"] = 108,
            ["Home"] = 110,
            ["ArrowUp"] = 111,
            ["PageUp"] = 112,
            ["ArrowLeft"] = 113,
            ["ArrowRight"] = 114,
            ["End"] = 115,
            ["ArrowDown"] = 116,
            ["PageDown"] = 117,
            ["Insert"] = 118,
            ["Delete"] = 119,
            ["Pause"] = 127,
            ["IntlYen"] = 132,
            ["MetaLeft"] = 133,
            ["MetaRight"] = 134,
            ["ContextMenu"] = 135,
            ["F13"] = 191,
            ["F14"] = 192,
            ["F15"] = 193,
        };
        Row(10, "Digit1 Digit2 Digit3 Digit4 Digit5 Digit6 Digit7 Digit8 Digit9 Digit0");
        Row(24, "KeyQ KeyW KeyE KeyR KeyT KeyY KeyU KeyI KeyO KeyP");
        Row(38, "KeyA KeyS KeyD KeyF KeyG KeyH KeyJ KeyK KeyL");
        Row(52, "KeyZ KeyX KeyC KeyV KeyB KeyN KeyM");
        Row(67, "F1 F2 F3 F4 F5 F6 F7 F8 F9 F10");
        Row(79, "Numpad7 Numpad8 Numpad9");
        Row(83, "Numpad4 Numpad5 Numpad6");
        Row(87, "Numpad1 Numpad2 Numpad3 Numpad0");
        return numbers;

        void Row(int first, string names)
        {
            foreach (string name in names.Split(' '))
            {
                numbers[name] = first++;
            }
        }
    }
}
