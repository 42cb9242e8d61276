using System.Globalization;
using System.Text.RegularExpressions;
using PixelGameDev.AppHost;
using PixelGameDev.Streaming.Protocol;

namespace PixelGameDev.Tests.Unit.Protocol;

/// <summary>
/// Names the place that is missing when a message from page to game is added. docs/PROTOCOL.md, <i>A new message</i>, lists them.
/// </summary>
public sealed class MessagePlacesTests
{
    private const MessageRoute FromPage = MessageRoute.PageToSandbox | MessageRoute.PageToExecutor;

    /// <summary>Inputs that GameHost handles itself. The game's process never sees them.</summary>
    private static readonly MessageType[] OfGameHost = [MessageType.ConsoleInput];

    private static readonly string Root = Repository.Find().Root;

    public static TheoryData<MessageType> FromPages() =>
        [.. Enum.GetValues<MessageType>().Where(static type => (byte)type is >= 0x80 and < 0xC0)];

    [Theory]
    [MemberData(nameof(FromPages))]
    public void A_message_of_the_page_is_in_all_its_places(MessageType type)
    {
        string number = ((byte)type).ToString("X2", CultureInfo.InvariantCulture);
        (int min, int max) = MessageRules.LengthOf(type);
        Assert.True((MessageRules.RouteOf(type) & FromPage) != 0 && min >= 1 && max >= min,
            $"{type} needs a row in MessageTable (MessageType.cs).");
        Require("docs/PROTOCOL.md", $"`0x{number}` \\| {type} \\|", $"{type} needs a row in the table \"Page → sandbox\"");
        Require("PixelGameDev.Api/Web/src/stream/protocol.ts", $@"\b{type}: 0x{number}\b", $"{type} needs its number in MessageType");
        if (!MessageRules.IsInput(type) || OfGameHost.Contains(type))
        {
            return;
        }

        const string runtime = "PixelGameDev.GameHost/runtime/pixel_runtime/events.py";
        string constant = "_MESSAGE_" + Regex.Replace(type.ToString(), "(?<=[a-z])(?=[A-Z])", "_").ToUpperInvariant();
        Require(runtime, $@"kind == {constant}\b", $"{type} needs a branch in _apply ({constant})");
        Require(runtime, "0x" + number, $"{type} needs its number, {constant}");
        string layout = type == MessageType.Held ? "HeldInput" : type + "Message";
        Assert.True(typeof(MessageRules).Assembly.GetTypes().Any(found => found.Name == layout),
            $"{type} needs its layout, {layout} (InputMessages.cs).");
    }

    private static void Require(string file, string pattern, string missing) =>
        Assert.True(Regex.IsMatch(File.ReadAllText(Path.Combine(Root, file)), pattern, RegexOptions.IgnoreCase), $"{missing} in {file}.");
}
